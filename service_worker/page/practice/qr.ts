/** A QR code as one path: black on white also in the dark, as cameras want it. */

import { generate } from 'lean-qr/nano';

/** Squares of white around it that cameras need. */
const QUIET = 4;

export function qr(text: string, label: string): SVGSVGElement {
  const code = generate(text);
  const size = code.size + 2 * QUIET;
  const part = <K extends 'svg' | 'path'>(name: K, attributes: { [name: string]: string }): SVGElementTagNameMap[K] => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  let squares = '';
  for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) squares += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  const svg = part('svg', { class: 'bv-watch__qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' });
  svg.append(part('path', { d: `M0 0h${size}v${size}H0z`, fill: '#fff' }), part('path', { d: squares, fill: '#000' }));
  return svg;
}
