/*
 * How numbers, times and names are written for a person; as in the reports.
 */

export function duration(seconds) {
  if (seconds === undefined || seconds === null) {
    return '–';
  }
  const ms = seconds * 1000;
  if (ms < 0.1) {
    return ms > 0 ? '0.1 ms' : '0 ms';
  }
  if (ms < 9.95) {
    return ms.toFixed(1) + ' ms';
  }
  if (ms < 999.5) {
    return ms.toFixed(0) + ' ms';
  }
  if (seconds < 9.95) {
    return seconds.toFixed(1) + ' s';
  }
  const whole = Math.round(seconds);
  if (whole < 120) {
    return whole + ' s';
  }
  if (whole < 3600) {
    return Math.floor(whole / 60) + ' m ' + whole % 60 + ' s';
  }
  if (whole < 172800) {
    return Math.floor(whole / 3600) + ' h ' + Math.floor(whole / 60) % 60 + ' m';
  }
  return Math.floor(whole / 86400) + ' d';
}

export const number = value => value.toLocaleString('en');
export const percent = (part, whole) => {
  const rounded = Math.round(100 * part / whole);
  return (part === 0 ? 0 : part >= whole ? 100 : Math.min(99, Math.max(1, rounded))) + ' %';
};
export const count = (value, noun) => number(value) + ' ' + noun + (value === 1 ? '' : 's');
export const clock = date => date.toTimeString().substring(0, 8);

export function ago(seconds) {
  return seconds < 5 ? 'just now' : seconds < 60 ? Math.round(seconds / 5) * 5 + ' s ago'
    : seconds < 3600 ? Math.round(seconds / 60) + ' m ago' : duration(seconds) + ' ago';
}

/** Control characters, ends of lines, and what turns the direction of writing: a host could pretend to be another. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** With what nobody would see written out, as in the reports. */
export const visible = string => string.replace(INVISIBLE,
  character => '\\u' + character.codePointAt(0).toString(16).padStart(4, '0'));

/** Where a route leads; where that is a secret, which pool it is. */
export function place(route) {
  const address = route['server.address'];
  if (address === undefined) {
    return route['poolscope.pool.name'];
  }
  const port = route['server.port'];
  const proxy = route['poolscope.proxy.address'];
  return address + (port === undefined ? '' : ':' + port) + (proxy === undefined ? '' : ' via ' + proxy);
}

export const keyOf = route => JSON.stringify([
  route['poolscope.pool.name'], route['poolscope.client'], route['server.address'], route['server.port'],
  route['poolscope.proxy.address']]);

/** {@code Stock.level} of {@code com.acme.shop.Stock.level}. */
export const inShort = name => name.split('.').slice(-2).join('.');
