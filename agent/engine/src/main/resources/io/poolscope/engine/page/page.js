/*
 * The live page. It fetches the JSON beside it (docs/live-page.md) while somebody looks, and shows it; nothing is asked for
 * while nobody does.
 */

import {past, setNow} from './charts.js';
import {$, attribute, el, keyed, text} from './nodes.js';
import {showProblems, showReports, taken} from './reports.js';
import {drawRoutes, setTimeline, showRoutes} from './routes.js';
import {WATCHED, routesOf} from './status.js';
import {clock, duration, number, visible} from './words.js';

/** Milliseconds between two looks, and for how long an answer is waited for. */
const EVERY = 2000;
const PATIENCE = 5000;

function rowOf(cells) {
  return () => {
    const nodes = cells.map(cell => el(cell.head ? 'th' : 'td', cell.head ? {scope: 'row'} : {class: cell.class ?? ''}));
    return {
      nodes: [el('tr', {}, ...nodes)],
      update: item => cells.forEach((cell, i) => text(nodes[i], cell.of(item))),
    };
  };
}

function showAgent(status) {
  text($('who'), (status['service.name'] ? status['service.name'] + ', ' : '') + 'process ' + status['process.pid'] + ', up '
    + duration(status.uptime) + ', agent ' + status['telemetry.distro.version']);
  keyed($('clients').tBodies[0], status.instrumentations,
    client => client['poolscope.client'] + client['poolscope.library.version'] + client['poolscope.state'], rowOf([
      {head: true, of: client => client.library},
      {of: client => client['poolscope.library.version']},
      {of: client => WATCHED[client['poolscope.state']] ?? client['poolscope.state']},
      {class: 'number', of: client => number(client['poolscope.instrumentation.failures'])},
      {class: 'why', of: client => client.reason ?? ''},
    ]));
}

async function showSettings() {
  const answer = await fetched('settings');
  keyed($('settings').querySelector('tbody'), [...answer.settings].sort((a, b) => b.set - a.set), setting => setting.name,
    first => {
      const view = rowOf([
        {head: true, of: setting => setting.name},
        {of: setting => setting.value === '' ? '–' : setting.value + (setting.set ? ' (set)' : '')},
        {of: setting => setting.meaning},
      ])();
      attribute(view.nodes[0], 'class', first.set ? 'set' : null);
      return view;
    });
}

$('settings').addEventListener('toggle', event => {
  if (event.target.open) {
    showSettings().catch(() => {});
  }
});

async function fetched(name) {
  const response = await fetch('api/v1/' + name, {cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)});
  if (!response.ok) {
    throw new Error(response.status === 401 ? 'the token is wanted: reload the page' : 'answer ' + response.status);
  }
  return JSON.parse(await response.text(), (key, value) => typeof value === 'string' ? visible(value) : value);
}

let isPaused = false;
let timer;
let isAsking = false;
let answeredAt = new Date();
let drawnAt = -Infinity;

async function ask() {
  clearTimeout(timer);
  if (document.hidden || isPaused || isAsking) {
    return;
  }
  isAsking = true;
  try {
    const status = await fetched('status');
    if (status.reports !== taken()) {
      showReports(await fetched('reports'));
    }
    setNow(Date.parse(status.time) / 1000, status.uptime);
    text($('past'), past() / 60 + ' minutes');
    const routes = routesOf(status);
    showProblems(status, routes);
    showRoutes(routes);
    showAgent(status);
    if (performance.now() - drawnAt > PATIENCE - EVERY / 2) {
      setTimeline(await fetched('timeline'));
      drawnAt = performance.now();
    }
    drawRoutes();
    answeredAt = new Date();
    live('live', 'ok');
  } catch (failure) {
    live('no answer since ' + clock(answeredAt)
      + (failure.message.startsWith('the token') ? ': ' + failure.message : ''), 'lost');
  } finally {
    isAsking = false;
    clearTimeout(timer);
    if (!document.hidden && !isPaused) {
      timer = setTimeout(ask, EVERY);
    }
  }
}

function live(words, state) {
  text($('live'), words);
  attribute($('live'), 'data-state', state);
}

document.addEventListener('visibilitychange', ask);
$('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  attribute($('pause'), 'aria-pressed', String(isPaused));
  text($('pause'), isPaused ? 'Go on' : 'Pause');
  if (isPaused) {
    live('paused at ' + clock(answeredAt), 'paused');
  }
  ask();
});
ask();
