/** The page's markup: finding what must be there, and copying its templates. */

/**
 * Finds an element that the markup must have.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new TypeError(`The page has no ${selector}.`);
  return found;
}

/**
 * Copies the one element inside a `<template>`.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copy(id) {
  const content = find(document, `template#${id}`, HTMLTemplateElement).content;
  return find(document.importNode(content, true), "*", HTMLElement);
}

/**
 * Writes words where others stand; the same ones again would be announced again.
 *
 * @param {HTMLElement} element
 * @param {string} words
 */
export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
