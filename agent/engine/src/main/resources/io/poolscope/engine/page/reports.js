/*
 * What has to be known now, and what was reported.
 */

import {$, attribute, breakable, el, keyed, text} from './nodes.js';
import {bar, opened} from './routes.js';
import {METRIC, TAGS, WATCHED, isPast, limiter, lineOf, problems, seconds, siteOf, soFar, used} from './status.js';
import {ago, clock, count, duration, inShort, keyOf, number, place} from './words.js';

/** How full, who waits, and why. */
function factsOf(route, exhausted) {
  const gaveUp = route.recent?.[METRIC.wait].timeout.count ?? 0;
  const cause = exhausted?.['poolscope.exhausted.cause'];
  const why = exhausted?.['poolscope.exhausted.why'];
  return used(route) + ' in use' + (route.saturation?.routes ? ' (' + limiter(route) + ')' : '') + ', ' + (route[METRIC.pending] > 0
    ? number(route[METRIC.pending]) + ' waiting, the oldest for ' + duration(route[METRIC.oldestWait]) : 'nobody waits')
    + (gaveUp > 0 ? '; ' + number(gaveUp) + ' gave up in the last minute' : '')
    + (cause ? '. Cause: ' + cause + (why ? ', ' + why : '') : '');
}

function problemView(first) {
  const tag = el('span', {class: 'tag'});
  const title = el('h3');
  const pool = el('span', {class: 'pool'});
  const facts = el('p', {class: 'cost'});
  const fill = bar();
  const who = el('p', {class: 'who'});
  const line = el('code', {class: 'line'});
  const doing = el('span');
  who.append(line, ' ', doing);
  const mend = el('pre');
  const how = el('details', {}, el('summary', {}, 'How to mend it'), mend);
  const node = el('article', {'data-tag': first.tag, 'data-about': first.route ? 'route' : 'report'},
    el('div', {class: 'title'}, tag, title, pool), facts, fill.node, who, how);
  how.open = first.isFirst;
  return {
    nodes: [node],
    update(problem) {
      const report = problem.report;
      const route = problem.route;
      text(tag, problem.tag);
      fill.node.hidden = !route;
      if (problem.client) {
        const client = problem.client;
        breakable(title, client.library + ' ' + client['poolscope.library.version'] + ' is ' + WATCHED[client['poolscope.state']]);
        text(facts, client.reason ?? 'below, under “What it said of itself”, stands why');
        who.hidden = true;
      } else if (route) {
        breakable(title, place(route));
        breakable(pool, route['server.address'] === undefined ? '' : route['poolscope.pool.name']);
        text(facts, factsOf(route, problem.exhausted));
        fill.update(route);
        const holder = route.holders[0];
        who.hidden = !holder;
        if (holder) {
          breakable(line, holder.line ?? (holder.unknown === 'not taken' ? 'a line that was not taken' : 'requests under way'));
          text(doing, 'holds ' + number(holder.count) + ': ' + holder.words + ', the oldest for ' + duration(holder.oldest));
        }
      } else {
        const words = report.message;
        const colon = words.indexOf(': ');
        breakable(title, siteOf(report) ? inShort(siteOf(report)) : place(report));
        text(facts, words.substring(words.indexOf(' ') + 1, colon < 0 ? words.length : colon) + ', '
          + ago(problem.age) + (problem.soFar && ', ' + problem.soFar));
        who.hidden = !report['code.file.path'];
        if (report['code.file.path']) {
          breakable(line, lineOf(report));
          const others = problem.places.length - 1;
          text(doing, 'to ' + place(report) + (others > 0 ? ' and ' + count(others, 'other') : ''));
        }
      }
      text(mend, report?.['poolscope.mend']);
      how.hidden = !report?.['poolscope.mend'];
    },
  };
}

function reportView() {
  const time = el('time');
  const tag = el('span', {class: 'tag'});
  const headline = el('span', {class: 'headline'});
  const times = el('span', {class: 'soft'});
  const body = el('pre');
  const node = el('details', {class: 'report'}, el('summary', {}, time, tag, headline, times), body);
  return {
    nodes: [node],
    update(report) {
      const date = new Date(report.timestamp);
      text(time, clock(date));
      attribute(time, 'datetime', report.timestamp);
      attribute(time, 'title', date.toString());
      attribute(node, 'data-tag', TAGS[report['event.name']] ?? '');
      attribute(node, 'data-severity', report.severity);
      text(tag, TAGS[report['event.name']] ?? report.severity.toLowerCase());
      breakable(headline, report.message.substring(report.message.indexOf(' ') + 1));
      const where = place(report);
      text(times, [where && report.message.includes(where) ? '' : where,
        report.written > 1 ? 'reported ' + number(report.written) + ' times' : ''].filter(Boolean).join(', '));
      text(body, report.text);
    },
  };
}

let reports = {taken: -1, reports: [], notices: []};

/** Which of them are shown. */
export const taken = () => reports.taken;

/** Shows these. */
export function showReports(latest) {
  reports = latest;
  $('no-reports').hidden = reports.reports.length > 0;
  keyed($('report-list'), reports.reports,
    report => report['event.name'] + keyOf(report) + lineOf(report), reportView);
  keyed($('notices').querySelector('div'), [{text: reports.notices.map(notice => notice.text).join('')}], () => 'all', () => {
    const body = el('pre');
    return {nodes: [body], update: all => text(body, all.text)};
  });
  $('notices').hidden = reports.notices.length === 0;
}

let spoken = '';
let isFirst = true;

/** Says what has to be known now. */
export function showProblems(status, routes) {
  const found = problems(status, routes, reports.reports);
  found.forEach((problem, i) => {
    problem.isFirst = i === 0;
    problem.age = problem.report ? Math.max(0, seconds(status, problem.report)) : 0;
    problem.soFar = problem.report ? soFar(status, routes, problem.report) : '';
  });
  const grants = routes.reduce((sum, route) => sum + route[METRIC.granted].new + route[METRIC.granted].reused, 0);
  const waiting = routes.reduce((sum, route) => sum + route[METRIC.pending], 0);
  const scope = count(status['poolscope.pool.count'], 'pool') + ', ' + count(routes.filter(route => !isPast(route)).length, 'route') + ', '
    + count(grants, 'request');
  const full = found.filter(problem => problem.tag === 'full').length;
  const waits = found.filter(problem => problem.tag === 'waits').length;
  text($('verdict'), found.length === 0 ? (routes.length === 0 ? 'Nothing was seen yet.' : 'Nothing to mend.')
    : (full > 0 ? count(full, 'pool') + (full === 1 ? ' is' : ' are') + ' full and requests wait. ' : '')
      + (waits > 0 ? 'Requests wait for long at ' + count(waits, 'pool') + '. ' : '')
      + count(found.length, 'thing') + ' to mend.');
  text($('scope'), scope + '; ' + (waiting > 0 ? number(waiting) + ' waiting at this moment' : 'nobody waits'));
  attribute($('now'), 'data-state', full + waits > 0 ? 'bad' : found.length > 0 ? 'warn' : routes.length > 0 ? 'well' : null);
  keyed($('problems'), found, problem => problem.key, problemView);
  const say = found.length === 0 ? 'Nothing to mend.' : found.map(problem => problem.tag + ': '
    + (problem.client?.library ?? (problem.route ? place(problem.route) : siteOf(problem.report) ?? place(problem.report))))
    .sort().join('; ');
  if (say !== spoken) {
    // Only what is new in kind: numbers that change are not read out.
    spoken = say;
    text($('spoken'), say);
  }
  document.title = (found.length ? '(' + found.length + ') ' : '') + 'Poolscope'
    + (status['service.name'] ? ' · ' + status['service.name'] : '');
  const worst = found.find(problem => problem.route);
  if (isFirst && worst) {
    opened.add(worst.route.key);
  }
  isFirst = false;
}
