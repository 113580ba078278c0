/*
 * The table of routes, and what stands behind a row.
 */

import {sparkline, timesOf, useChart, waitChart} from './charts.js';
import {$, attribute, breakable, el, keyed, text} from './nodes.js';
import {METRIC, isPast, limitOf, limiter, trouble, used} from './status.js';
import {count, duration, keyOf, number, percent, place} from './words.js';

/** In the order in which they fill a bar. */
const STATES = ['leaked', 'held', 'waiting', 'reading'];

/** A bar of the limit, filled by what the holders do. */
export function bar() {
  const parts = Object.fromEntries([...STATES, 'idle'].map(state => [state, el('span', {class: state})]));
  const track = el('span', {class: 'bar', role: 'img'}, ...Object.values(parts));
  return {
    node: track,
    update(route) {
      const by = Object.fromEntries(STATES.map(state => [state, 0]));
      for (const row of route.holders) {
        by[row.state] += row.count;
      }
      const leases = route[METRIC.leases];
      const idle = route[METRIC.connections].idle;
      const limit = limitOf(route);
      // Without a limit, and where others take of it too, the bar is still one of the whole.
      const shared = limit === undefined ? 0 : Math.max(0, route.saturation.used - leases);
      const whole = Math.max(limit ?? 0, leases + shared, limit ? 0 : leases + idle, 1);
      for (const state of STATES) {
        parts[state].style.flexGrow = by[state] / whole;
      }
      const room = Math.max(0, whole - leases - shared);
      parts.idle.style.flexGrow = Math.min(idle, room) / whole;
      attribute(track, 'data-limit', limit ? 'yes' : 'no');
      const said = STATES.filter(state => by[state] > 0)
        .map(state => by[state] + ' ' + (route.holders.find(row => row.state === state)?.words ?? state));
      attribute(track, 'aria-label', used(route) + ' in use' + (said.length ? ': ' + said.join(', ') : '')
        + '; ' + idle + ' idle');
    },
  };
}

function holders() {
  const body = el('tbody');
  const none = el('p', {class: 'soft'}, 'Nobody holds a connection at this moment.');
  const notes = el('p', {class: 'soft'});
  const table = el('table', {class: 'holders'},
    el('caption', {}, 'Who holds the connections'),
    el('thead', {}, el('tr', {},
      el('th', {scope: 'col'}, 'Line'), el('th', {scope: 'col', class: 'number'}, 'Count'),
      el('th', {scope: 'col', class: 'number'}, 'Oldest'), el('th', {scope: 'col'}, 'State'))),
    body);
  return {
    node: el('div', {}, table, none, notes),
    update(route) {
      const rows = route.holders;
      table.hidden = rows.length === 0;
      none.hidden = rows.length > 0;
      keyed(body, rows, row => (row.line ?? row.unknown) + row.state, () => {
        const line = el('code');
        const cells = [el('td', {class: 'number'}), el('td', {class: 'number'}), el('td')];
        return {
          nodes: [el('tr', {}, el('th', {scope: 'row'}, line), ...cells)],
          update(row) {
            breakable(line, row.line ?? (row.unknown === 'not taken' ? 'line not taken' : 'not handed out yet'));
            attribute(line, 'class', row.line ? 'line' : 'soft');
            text(cells[0], number(row.count));
            text(cells[1], duration(row.oldest));
            text(cells[2], row.words);
            attribute(cells[2], 'class', 'state ' + row.state);
          },
        };
      });
      const unknown = rows.some(row => row.unknown === 'not taken');
      const more = route['holders.more'];
      text(notes, (more ? 'and ' + number(more) + ' more. ' : '')
        + (unknown ? 'Where it says “not taken”: in good times lines are taken of one request in 64.' : ''));
      notes.hidden = notes.textContent === '';
    },
  };
}

/** Keys of the routes whose rows are opened. */
export const opened = new Set();
let ids = 0;
let timeline;

/** What is drawn from now on. */
export function setTimeline(latest) {
  timeline = latest;
}

const seriesOf = key => timeline?.series.find(series => keyOf(series) === key);

function facts() {
  const list = el('dl', {class: 'facts'});
  return {
    node: list,
    update(pairs) {
      keyed(list, pairs, pair => pair[0], pair => {
        const value = el('dd');
        return {
          nodes: [el('div', {}, el('dt', {}, pair[0]), value)],
          update: each => text(value, each[1]),
        };
      });
    },
  };
}

const quantiles = histogram => histogram?.p50 === undefined ? '–'
  : [histogram.p50, histogram.p95, histogram.p99].map(duration).join(', ');

function factsOf(route) {
  const pool = route.pool;
  const granted = route[METRIC.granted];
  const grants = granted.new + granted.reused;
  const abandoned = route[METRIC.abandoned];
  const closes = Object.entries(route[METRIC.closes]).filter(entry => entry[1] > 0).sort((a, b) => b[1] - a[1]);
  const limits = [
    ['route', route['poolscope.route.connection.limit']], ['pool', pool['poolscope.pool.connection.limit']],
    ['idle', pool['poolscope.pool.idle.limit']], ['dispatcher', pool['poolscope.dispatcher.request.limit']],
    ['dispatcher for a host', route['poolscope.route.request.limit']],
    ['streams', route['poolscope.stream.limit']]].filter(limit => limit[1] !== undefined);
  const all = [
    ['client', route['poolscope.client'] + (route['network.protocol.version'] === '2' ? ', HTTP/2' : '')],
    ['limits', limits.length ? limits.map(limit => limit[0] + ' ' + number(limit[1])).join(', ') : 'none'],
    ['requests', number(grants) + (grants ? ', ' + percent(granted.reused, grants) + ' on reused connections' : '')],
    ['closes', closes.length ? closes.map(entry => number(entry[1]) + ' ' + entry[0].replaceAll('_', ' ')).join(', ') : 'none'],
    ['gave up', number(route[METRIC.wait].timeout?.count ?? 0) + ' timed out, ' + number(abandoned.cancelled) + ' cancelled, '
      + number(abandoned.failed) + ' failed'],
    ['response p50, p95, p99', quantiles(route[METRIC.response])],
    ['use', quantiles(route[METRIC.use])],
    ['connect', quantiles(route[METRIC.create])],
    ['oldest lease', route[METRIC.leases] > 0 ? duration(route[METRIC.oldestLease]) : '–'],
  ];
  return all;
}

function routeView(first) {
  const id = 'route-' + ids++;
  const name = el('span', {class: 'place'});
  const pool = el('span', {class: 'pool'});
  const button = el('button', {type: 'button', class: 'open', 'aria-controls': id}, name, pool);
  const fill = bar();
  const amount = el('span', {class: 'amount'});
  const scope = el('small');
  const pending = el('strong');
  const oldest = el('small');
  const waits = el('span');
  const gaveUp = el('small', {class: 'bad'});
  const reuse = el('span');
  const closes = el('span');
  const why = el('small');
  const spark = sparkline();
  attribute(spark.node, 'aria-hidden', 'true');
  const cell = (label, className, ...children) =>
    el('td', {role: 'cell', 'data-label': label, class: className}, ...children);
  const row = el('tr', {role: 'row', class: 'route'},
    el('th', {role: 'rowheader', scope: 'row'}, button),
    cell('In use', 'use', fill.node, el('span', {}, amount, ' ', scope)),
    cell('Waiting', 'number', pending, oldest),
    cell('Wait p50, p95, p99', 'number', waits, gaveUp),
    cell('Reused', 'number', reuse),
    cell('Closes a minute', 'number', closes, why),
    cell('', 'past', spark.node));
  const inside = el('td', {role: 'cell', colspan: '7'});
  const detail = el('tr', {role: 'row', class: 'detail', id}, inside);
  detail.hidden = true;
  let parts;
  let latest = first;

  const drawCharts = () => {
    const series = seriesOf(latest.key);
    if (!series) {
      return;
    }
    const times = timesOf(timeline, series);
    // What never was is not drawn: a line along the bottom says nothing.
    const ifAny = list => list.some(value => value > 0) ? list : list.map(() => null);
    const pending = ifAny(series[METRIC.pending]);
    spark.set([times, series[METRIC.leases], pending]);
    if (parts) {
      const limit = latest.saturation?.of === 'dispatcher' ? null : limitOf(latest) ?? null;
      parts.use.set([times, times.map(() => limit), ifAny(series[METRIC.connections].idle), series[METRIC.leases],
        ifAny(series[METRIC.leaked]), pending]);
      parts.wait.set([times, series[METRIC.wait].p95]);
      const most = list => Math.max(0, ...list.filter(value => value !== null));
      attribute(parts.figure, 'aria-label', 'The last quarter of an hour: at most ' + most(series[METRIC.leases])
        + ' in use, at most ' + most(series[METRIC.pending]) + ' waiting, slowest wait p95 '
        + duration(most(series[METRIC.wait].p95)));
    }
  };

  const open = isOpen => {
    attribute(button, 'aria-expanded', String(isOpen));
    detail.hidden = !isOpen;
    if (isOpen && !parts) {
      parts = {use: useChart(), wait: waitChart(), holders: holders(), facts: facts()};
      parts.figure = el('div', {class: 'figure', role: 'img', 'aria-label': 'Nothing is known of its past yet'}, parts.use.node, parts.wait.node);
      inside.append(el('div', {class: 'inside'},
        parts.figure, parts.holders.node, parts.facts.node));
      drawCharts();
    }
    if (parts) {
      parts.holders.update(latest);
      parts.facts.update(factsOf(latest));
    }
  };
  button.addEventListener('click', () => {
    if (!opened.delete(first.key)) {
      opened.add(first.key);
    }
    open(opened.has(first.key));
  });

  return {
    nodes: [row, detail],
    charts: drawCharts,
    update(route) {
      latest = route;
      breakable(name, place(route));
      attribute(button, 'aria-label', place(route) + ', pool ' + route['poolscope.pool.name']
        + (route.pool.ended ? ', ' + ENDED[route.pool.ended] : ''));
      breakable(pool, (route['server.address'] === undefined ? route['poolscope.client'] : route['poolscope.pool.name'])
        + (route.pool.ended ? ', ' + ENDED[route.pool.ended] : ''));
      attribute(row, 'data-ended', isPast(route) ? 'yes' : 'no');
      attribute(row, 'data-trouble', String(trouble(route)));
      fill.update(route);
      text(amount, used(route));
      text(scope, limiter(route));
      text(pending, number(route[METRIC.pending]));
      text(oldest, route[METRIC.pending] > 0 ? 'oldest ' + duration(route[METRIC.oldestWait]) : '');
      const recent = route.recent;
      const wait = recent?.[METRIC.wait].success;
      text(waits, wait?.p95 === undefined ? '–' : [wait.p50, wait.p95, wait.p99].map(duration).join(', '));
      const timeouts = recent?.[METRIC.wait].timeout.count ?? 0;
      text(gaveUp, timeouts > 0 ? number(timeouts) + ' gave up' : '');
      const granted = recent?.[METRIC.granted] ?? {new: 0, reused: 0};
      const grants = granted.new + granted.reused;
      text(reuse, grants > 0 ? percent(granted.reused, grants) : '–');
      const reasons = Object.entries(recent?.[METRIC.closes] ?? {}).sort((a, b) => b[1] - a[1]);
      const closed = reasons.reduce((sum, entry) => sum + entry[1], 0);
      const perMinute = recent ? closed * 60 / Math.max(recent.seconds, 5) : 0;
      text(closes, perMinute === 0 ? '0' : perMinute < 9.95 ? perMinute.toFixed(1) : number(Math.round(perMinute)));
      text(why, reasons.length ? reasons[0][0].replaceAll('_', ' ') + (reasons.length > 1 ? ', …' : '') : '');
      open(opened.has(route.key));
    },
    gone() {
      [spark, parts?.use, parts?.wait].forEach(each => each?.gone());
    },
  };
}

/** How a pool ended. */
const ENDED = {closed: 'closed', collected: 'dropped'};

const ORDERS = {
  name: route => place(route),
  use: route => (route.saturation ? route.saturation.used / route.saturation.limit : 0) + route[METRIC.leases] / 1e6,
  pending: route => route[METRIC.pending],
  wait: route => route.recent?.[METRIC.wait].success.p95 ?? -1,
  reuse: route => {
    const granted = route.recent?.[METRIC.granted];
    return granted && granted.new + granted.reused > 0 ? granted.reused / (granted.new + granted.reused) : 2;
  },
  closes: route => Object.values(route.recent?.[METRIC.closes] ?? {}).reduce((sum, value) => sum + value, 0),
  trouble: route => trouble(route),
};

let sorting = {by: 'trouble', up: false};
let routes = [];
let showsPast = false;
const table = $('routes');

function sorted() {
  const order = ORDERS[sorting.by];
  const sign = sorting.up ? 1 : -1;
  return [...routes].sort((a, b) => {
    const [x, y] = [order(a), order(b)];
    return isPast(a) - isPast(b) || (x < y ? -sign : x > y ? sign : 0) || place(a).localeCompare(place(b)) || a.key.localeCompare(b.key);
  });
}

/** Shows these. */
export function showRoutes(latest) {
  routes = latest;
  show(false);
}

/** Draws what lies behind. */
export function drawRoutes() {
  for (const view of table.tBodies[0].views?.values() ?? []) {
    view.charts();
  }
}

function show(byHand) {
  // Rows stay where they are while somebody points at them, or is in them.
  const isBusy = !byHand && (table.matches(':hover') || table.tBodies[0].contains(document.activeElement));
  const ended = routes.filter(isPast).length;
  keyed(table.tBodies[0], sorted().filter(route => showsPast || !isPast(route)), route => route.key, routeView, !isBusy);
  const button = $('ended');
  button.hidden = ended === 0;
  text(button, (showsPast ? 'Hide ' : 'Show ') + count(ended, 'route') + ' of pools that are gone');
  attribute(button, 'aria-expanded', String(showsPast));
  table.hidden = routes.length === 0;
  $('none').hidden = routes.length > 0;
}

$('ended').addEventListener('click', () => {
  showsPast = !showsPast;
  show(true);
});

for (const button of table.tHead.querySelectorAll('button')) {
  button.addEventListener('click', () => {
    const by = button.dataset.sort;
    sorting = {by, up: sorting.by === by ? !sorting.up : by === 'name' || by === 'reuse'};
    for (const head of table.tHead.querySelectorAll('th[aria-sort]')) {
      const isThis = head.contains(button);
      attribute(head, 'aria-sort', isThis ? (sorting.up ? 'ascending' : 'descending') : 'none');
    }
    show(true);
  });
}
