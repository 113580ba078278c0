/*
 * The time lines: uPlot, in the colours of the style sheet.
 */

import {el} from './nodes.js';
import {METRIC} from './status.js';
import {clock, duration, number} from './words.js';

/* global uPlot */

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = new Set();
/** So much is shown, in seconds: as much as there is, but for the first minutes. */
const PAST = 900;
const LEAST = 180;

/** The lists of a series over their times, in seconds since 1970; all of the quarter of an hour. */
export function timesOf(timeline, series) {
  const end = Date.parse(timeline.time) / 1000 - timeline.ended;
  const n = series[METRIC.leases].length;
  return Array.from({length: n}, (unused, i) => end - (n - 1 - i) * timeline.step);
}

/** A chart that is made when it is first shown, and anew when the colours change. */
function chart(className, options) {
  const node = el('div', {class: className});
  let plot;
  let data;
  let width = 0;
  const draw = () => {
    if (!data || width < 40) {
      return;
    }
    if (!plot) {
      plot = new uPlot({width, ...options()}, data, node);
    } else {
      plot.setData(data);
    }
    // What there is nothing of is not in the legend either.
    data.forEach((values, i) => {
      const isThere = values.some(value => value !== null);
      if (i > 0 && plot.series[i].show !== isThere) {
        plot.setSeries(i, {show: isThere});
      }
    });
  };
  const redo = () => {
    plot?.destroy();
    plot = undefined;
    draw();
  };
  const observer = new ResizeObserver(entries => {
    const now = Math.floor(entries[0].contentRect.width);
    if (now !== width) {
      width = now;
      if (plot) {
        plot.setSize({width, height: plot.height});
      } else {
        draw();
      }
    }
  });
  observer.observe(node);
  const self = {
    node,
    redo,
    set(values) {
      data = values;
      draw();
    },
    gone() {
      observer.disconnect();
      plot?.destroy();
      charts.delete(self);
    },
  };
  charts.add(self);
  return self;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(each => each.redo()));

let now = Date.now() / 1000;
let known = PAST;

/** What the time is over there, and since when there is something to see; all charts end with it. */
export function setNow(seconds, uptime) {
  now = seconds;
  known = uptime;
}

/** So many seconds are shown; whole minutes. */
export const past = () => Math.min(PAST, Math.max(LEAST, Math.ceil(known / 60) * 60));

const range = () => [now - past(), now];
const hours = (plot, splits) => splits.map(split => {
  const date = new Date(split * 1000);
  return String(date.getHours()).padStart(2, '0') + ':' + String(date.getMinutes()).padStart(2, '0');
});

/** Nobody waits by halves. */
const WHOLE = [1, 2, 5].flatMap((unused, i, all) => [0, 1, 2, 3, 4, 5].map(power => all[i] * 10 ** power)).sort((a, b) => a - b);

function axes(unit, incrs) {
  const common = {stroke: colour('--soft'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false},
    font: '11px system-ui, sans-serif'};
  return [
    {...common, grid: {show: false}, values: hours, incrs: [60, 300], space: 60, size: 26, gap: 8},
    {...common, size: 46, gap: 4, space: 28, ...(incrs ? {incrs} : {}), values: (plot, splits) => splits.map(unit)},
  ];
}

const step = () => uPlot.paths.stepped({align: -1});
const shown = format => (plot, value) => value === null || value === undefined ? '' : format(value);
const time = {label: '', value: shown(value => 'at ' + clock(new Date(value * 1000)))};

function curve(label, stroke, values) {
  return {label, stroke: colour(stroke), width: 1.5, points: {show: false}, value: shown(number), ...values};
}

export function sparkline() {
  return chart('spark', () => ({
    height: 30, legend: {show: false}, cursor: {show: false}, padding: [2, 0, 2, 0],
    axes: [{show: false}, {show: false}],
    scales: {x: {time: false, range}, y: {range: (plot, low, high) => [0, Math.max(1, high)]}},
    series: [{},
      {stroke: colour('--use'), fill: colour('--use-soft'), width: 1, points: {show: false}, paths: step()},
      {stroke: colour('--wait'), width: 1.5, points: {show: false}, paths: step()}],
  }));
}

export function useChart() {
  return chart('chart', () => ({
    height: 150, padding: [8, 4, 0, 0], cursor: {y: false, points: {show: false}}, axes: axes(number, WHOLE),
    legend: {show: true, live: true},
    scales: {x: {time: false, range}, y: {range: (plot, low, high) => [0, Math.max(2, high * 1.08)]}},
    series: [
      time,
      curve('limit', '--soft', {width: 1, dash: [5, 4]}),
      curve('idle', '--idle-line', {width: 1, paths: step()}),
      curve('in use', '--use', {fill: colour('--use-soft'), paths: step()}),
      curve('never closed', '--leaked', {fill: colour('--bad-soft'), paths: step()}),
      curve('waiting', '--wait', {paths: step()}),
    ],
  }));
}

export function waitChart() {
  return chart('chart low', () => ({
    height: 90, padding: [8, 4, 0, 0], cursor: {y: false, points: {show: false}}, axes: axes(duration),
    legend: {show: true, live: true},
    scales: {x: {time: false, range}, y: {range: (plot, low, high) => [0, Math.max(0.001, high * 1.08)]}},
    series: [time, curve('wait p95', '--wait', {paths: step(), value: shown(duration)})],
  }));
}
