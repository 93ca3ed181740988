// Helpers for elements.

/** A span whose text stays on one line, for names that contain hyphens. */
export function nowrap(text) {
  const span = document.createElement("span");
  span.className = "nowrap";
  span.textContent = text;
  return span;
}
