/*
 * Nodes of the page. They are made once and kept: a table that is built anew takes focus, selection and a screen reader's
 * place with it. Foreign text (hosts, names of classes) is only ever set as text.
 */

export const $ = id => document.getElementById(id);

/** An element with these attributes; strings among the children are text. */
export function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** Sets text only where it differs, so that nothing flickers and no selection is lost. */
export function text(node, value) {
  const string = value ?? '';
  if (node.textContent !== string) {
    node.textContent = string;
  }
}

export function attribute(node, name, value) {
  if (value === null) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

/**
 * Lets a parent show these items: what is new is made, what is there is brought up to date, what is gone is taken away.
 * An item's view is {nodes, update}. Nodes that stand in their order already are not moved.
 */
export function keyed(parent, items, keyOf, make, mayMove = true) {
  const views = parent.views ??= new Map();
  const seen = new Set();
  for (const item of items) {
    const key = keyOf(item);
    seen.add(key);
    let view = views.get(key);
    if (!view) {
      view = make(item);
      views.set(key, view);
      parent.append(...view.nodes);
    }
    view.update(item);
  }
  for (const [key, view] of views) {
    if (!seen.has(key)) {
      view.nodes.forEach(node => node.remove());
      view.gone?.();
      views.delete(key);
    }
  }
  if (mayMove) {
    const wanted = items.flatMap(item => views.get(keyOf(item)).nodes);
    wanted.forEach((node, i) => {
      if (parent.children[i] !== node) {
        parent.insertBefore(node, parent.children[i] ?? null);
      }
    });
  }
}

/** A name of so many letters finds its place in one line. */
const SHORT = 24;

/**
 * Lets long names break where a person would break them: between their parts, but not in {@code (Stock.java:41)}. A screen
 * reader pauses there, so that what is short stays whole.
 */
export function breakable(node, string) {
  if (node.shown !== string) {
    node.shown = string;
    const parts = string.length <= SHORT ? [string] : string.split(/(?<=[.@:/$])(?![^(]*\))|(?=\()/);
    node.replaceChildren(...parts.flatMap((part, i) => i === 0 ? [part] : [document.createElement('wbr'), part]));
  }
}
