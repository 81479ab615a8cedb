// Texts whose contrast with what lies behind them is under 4.5 (WCAG 2.1, level AA).
() => {
  const parse = (text) => { const parts = text.match(/[\d.]+/g).map(Number); return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 }; };
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = (node) => { for (; node; node = node.parentElement) { const { rgb, alpha } = parse(getComputedStyle(node).backgroundColor); if (alpha === 1) return rgb; }
    return [255, 255, 255]; };
  const found = [];
  for (const node of document.querySelectorAll("#app *")) {
    if (![...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim())) continue;
    const shape = node.getBoundingClientRect();
    if (!shape.width || !shape.height || node.closest("svg, .sheet, :disabled")) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color).rgb), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) found.push(`${node.className} ${node.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return found;
}
