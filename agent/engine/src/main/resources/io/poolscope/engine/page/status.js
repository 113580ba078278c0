/*
 * What the JSON says of this moment (docs/live-page.md), and what of it a person has to know.
 */

import {keyOf, number, place} from './words.js';

/** Names of the metrics in the JSON. */
export const METRIC = {
  connections: 'http.client.open_connections',
  leases: 'poolscope.lease.active',
  pending: 'poolscope.lease.pending',
  leaked: 'poolscope.connection.leaked',
  granted: 'poolscope.lease.granted',
  abandoned: 'poolscope.lease.abandoned',
  wait: 'poolscope.lease.wait_time',
  use: 'poolscope.lease.use_time',
  response: 'poolscope.lease.response_time',
  create: 'poolscope.connection.create_time',
  closes: 'poolscope.connection.closes',
  oldestWait: 'poolscope.wait.oldest_age',
  oldestLease: 'poolscope.lease.oldest_age',
};

/** A report is of now for so long, in seconds. */
const FRESH = 600;

/** What the state of an instrumentation means. */
export const WATCHED = {on: 'watched', unsupported: 'not watched', tripped: 'switched off'};

/** Routes of the status, each with what it shares with its pool. */
export function routesOf(status) {
  return status.pools.flatMap(pool => pool.routes.map(route => ({
    'poolscope.pool.name': pool['poolscope.pool.name'],
    'poolscope.client': pool['poolscope.client'],
    pool,
    ...route,
    key: keyOf({...pool, ...route}),
  })));
}

/** Whether the pool is one of the past, and nothing of it is out: closed, or dropped without having been closed. */
export const isPast = route => route.pool.ended !== undefined && route[METRIC.leases] === 0 && route[METRIC.pending] === 0;

const isFull = route => route.saturation && route.saturation.used >= route.saturation.limit;

/** 3: requests wait for long, or give up; 2: full, or leaking; 1: nearly full; 0: well. */
export function trouble(route) {
  const saturation = route.saturation;
  const oldest = route[METRIC.oldestWait];
  const gaveUp = route.recent?.[METRIC.wait].timeout.count ?? 0;
  if (route[METRIC.pending] > 0 && (oldest >= 1 || (isFull(route) && gaveUp > 0))) {
    return 3;
  }
  if ((isFull(route) && saturation.of !== 'dispatcher' && route[METRIC.pending] > 0) || route[METRIC.leaked] > 0) {
    return 2;
  }
  return saturation && saturation.of !== 'dispatcher' && saturation.limit > 3
    && saturation.used >= 0.8 * saturation.limit ? 1 : 0;
}

/** What a report is about, the worst first. */
export const TAGS = {
  'poolscope.exhausted': 'exhausted',
  'poolscope.leak': 'leak',
  'poolscope.leak.suspected': 'held',
  'poolscope.leak.retracted': 'returned',
  'poolscope.undrained': 'undrained',
  'poolscope.churn': 'churn',
  'poolscope.stale': 'stale',
};

export const siteOf = report => report['code.function.name'];
export const seconds = (status, report) => (Date.parse(status.time) - Date.parse(report.timestamp)) / 1000;

/** {@code com.acme.Stock.level(Stock.java:41)}, if the line is known. */
export const lineOf = report => siteOf(report) === undefined ? undefined
  : siteOf(report) + (report['code.file.path'] === undefined ? ''
    : '(' + report['code.file.path'] + ':' + report['code.line.number'] + ')');

const isLeak = report => report['event.name'] === 'poolscope.leak' || report['event.name'] === 'poolscope.leak.suspected';

/** What there is to mend: a line, on however many routes and pools it was met; without one, what leads to a place. */
const subject = report => report['event.name'] + ' ' + (lineOf(report) ?? place(report));

/** Whether a report says of a line what others say without: at first, lines are taken of some requests only. */
const isToldByLine = (report, reports) => isLeak(report) && siteOf(report) === undefined
  && reports.some(other => isLeak(other) && siteOf(other) !== undefined && place(other) === place(report));

/** Whether what a report says is so at this moment: it was lately, or what it left behind is still there. */
function isNow(status, routes, report) {
  if (seconds(status, report) < FRESH) {
    return true;
  }
  if (report['event.name'] === 'poolscope.leak') {
    return routes.some(route => route.key === keyOf(report) && route[METRIC.leaked] > 0);
  }
  return report['event.name'] === 'poolscope.leak.suspected' && status.sites.some(site =>
    siteOf(site) === siteOf(report) && site['poolscope.response.suspected_leaks'] > 0);
}

/** Whether it was taken back by a later one: the response was slow, not leaked. */
const isTakenBack = (report, reports) => report['event.name'] === 'poolscope.leak.suspected' && reports.some(other =>
  other['event.name'] === 'poolscope.leak.retracted' && siteOf(other) === siteOf(report)
  && keyOf(other) === keyOf(report) && other.timestamp >= report.timestamp);

const ORDER = ['blind', 'full', 'waits', ...Object.values(TAGS), 'report'];

/** What a person has to know now, the worst first: what we do not see, pools that are full, what was reported lately. */
export function problems(status, routes, reports) {
  const found = status.instrumentations.filter(client => client['poolscope.state'] !== 'on').map(client => ({
    key: 'blind ' + client['poolscope.client'] + client['poolscope.library.version'], tag: 'blind', client}));
  const told = new Set();
  const recent = reports.filter(report => isNow(status, routes, report) && !isTakenBack(report, reports));
  for (const route of routes.filter(each => trouble(each) === 3 || each[METRIC.leaked] > 0)) {
    const holder = route.holders[0];
    const ofRoute = recent.filter(report => keyOf(report) === route.key);
    const exhausted = ofRoute.find(report => report['event.name'] === 'poolscope.exhausted');
    // A line may be told of one route and hold the connections of another: the line is what has to be mended. Where it was
    // not taken, what other routes have lost without a line is none of this one's.
    const line = holder && (holder.state === 'leaked' || holder.state === 'held')
      ? (siteOf(holder) === undefined ? ofRoute : recent).find(report => isLeak(report) && siteOf(report) === siteOf(holder))
      : undefined;
    const tag = trouble(route) < 3 ? 'leak' : isFull(route) ? 'full' : 'waits';
    const report = line ?? (tag === 'leak' ? ofRoute.find(isLeak) : exhausted);
    if (report) {
      told.add(subject(report));
    }
    found.push({key: tag + ' ' + route.key, tag, route, report, exhausted});
  }
  for (const report of recent) {
    const what = subject(report);
    if (report.severity !== 'INFO' && report['event.name'] !== 'poolscope.exhausted' && !told.has(what)
      && !isToldByLine(report, recent)) {
      // The latest comes first, and stands for all.
      told.add(what);
      found.push({
        key: 'report ' + what, tag: TAGS[report['event.name']] ?? 'report', report,
        places: [...new Set(recent.filter(other => subject(other) === what).map(place))],
      });
    }
  }
  // By what they are about, not by when they were told last: what stays does not move.
  return found.sort((a, b) => ORDER.indexOf(a.tag) - ORDER.indexOf(b.tag) || (a.key < b.key ? -1 : 1));
}

/**
 * What fills up: a dispatcher's limit is none for calls that are not handed to it, so it counts while somebody waits. Of routes
 * that are told as one each has its own, and what they have in all is not to be held against the limit of the fullest.
 */
export function limitOf(route) {
  const saturation = route.saturation;
  return saturation && saturation.routes === undefined && (saturation.of !== 'dispatcher' || route[METRIC.pending] > 0)
    ? saturation.limit : undefined;
}

export function used(route) {
  const limit = limitOf(route);
  return limit === undefined ? number(route[METRIC.leases])
    : number(route.saturation.used) + ' of ' + number(limit);
}

const LIMITED = {pool: 'the whole pool', dispatcher: 'the dispatcher'};

/** Whose limit that is, where it is not the route's own. */
export function limiter(route) {
  const saturation = route.saturation;
  return saturation?.routes !== undefined
    ? 'the fullest of ' + number(saturation.routes) + ' routes: ' + number(saturation.used) + ' of ' + number(saturation.limit)
    : limitOf(route) === undefined ? '' : LIMITED[saturation.of] ?? '';
}

/** How often it has happened by now what a report says, which was written once a minute at most; empty if that was once. */
export function soFar(status, routes, report) {
  const bySite = what => status.sites.filter(site => siteOf(site) === siteOf(report)).reduce((sum, site) => sum + what(site), 0);
  const told = report['poolscope.report.total'] ?? 1;
  let now = 0;
  if (siteOf(report) !== undefined && report['event.name'] === 'poolscope.leak') {
    now = bySite(site => site['poolscope.response.leaks']);
  } else if (siteOf(report) !== undefined && report['event.name'] === 'poolscope.undrained') {
    now = bySite(site => Object.values(site['poolscope.response.undrained']).reduce((sum, value) => sum + value, 0));
  } else if (report['event.name'] === 'poolscope.stale') {
    now = routes.filter(route => route.key === keyOf(report)).reduce((sum, route) => sum + route[METRIC.closes].stale, 0);
  }
  return now > told ? number(now) + ' by now' : told > 1 ? number(told) + ' in all' : '';
}
