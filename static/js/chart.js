/* Draws the usage chart from the figures the page carries. Colours and letters come from the page's own tokens. */
(function () {
  "use strict";
  const HOUR = 3600e3, DAY = 86400e3;
  const language = document.documentElement.lang || "en";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const when = (options) => new Intl.DateTimeFormat(language, Object.assign({ timeZone: "UTC" }, options));
  const dayMonth = when({ day: "numeric", month: "short" });
  const month = when({ month: "short" });
  const monthYear = when({ month: "short", year: "2-digit" });
  const clock = when({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const roleOf = (thing) => thing.role || (thing.meta && thing.meta.role) || thing.name || "";

  /* Local time as written, without zones: "2026-06-09", "2026-06-09T13:00" */
  function moment(text) {
    const plain = String(text).replace(" ", "T").replace(/(Z|[+-]\d\d:?\d\d)$/, "");
    return Date.parse(plain.length <= 7 ? plain + "-01T00:00Z" : plain.length <= 10 ? plain + "T00:00Z" : plain + "Z");
  }
  const plainDate = (ms) => new Date(ms).toISOString().slice(0, 19);

  function stepOf(times) {
    let step = Infinity;
    for (let i = 1; i < times.length; i += 1) if (times[i] > times[i - 1]) step = Math.min(step, times[i] - times[i - 1]);
    return Number.isFinite(step) ? step : DAY;
  }

  /* Round marks for the upright axis; what goes out is drawn below zero but is not negative */
  function marks(low, high, count) {
    const rough = (high - low) / count || 1;
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) || power * 10;
    const values = [];
    for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) values.push(Math.abs(v) < step / 1e6 ? 0 : v);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (String(step / power).includes(".") ? 1 : 0));
    const format = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    return { values, texts: values.map((v) => format.format(Math.abs(v))) };
  }

  function timeMarks(times, step, width) {
    const room = Math.max(3, Math.floor(width / (step < DAY ? 64 : 34)));
    const picked = [];
    const push = (ms, text) => picked.push([plainDate(ms), text]);
    const first = times[0], last = times[times.length - 1] + step;
    if (step < DAY) {
      const span = last - first;
      const every = [3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY].find((e) => span / e <= room) || 60 * DAY;
      for (let ms = Math.ceil(first / every) * every; ms < last; ms += every) push(ms, every < DAY && ms % DAY ? clock.format(ms) : dayMonth.format(ms));
    } else if (step < 25 * DAY) {
      const weekly = step > DAY;
      const every = Math.max(1, Math.ceil(times.length / (weekly ? Math.floor(width / 64) : room)));
      let before = -1;
      const span = Math.round((last - first) / step);
      for (let i = 0; i < span; i += every) {
        const ms = first + i * step;
        const date = new Date(ms);
        const turned = date.getUTCMonth() !== before;
        before = date.getUTCMonth();
        push(ms + (weekly ? 0 : step / 2), weekly ? dayMonth.format(ms) : date.getUTCDate() + (turned ? "<br>" + month.format(ms) : ""));
      }
    } else {
      const every = Math.max(1, Math.ceil(times.length / Math.floor(width / 48)));
      times.forEach((ms, i) => { if (i % every === 0) push(ms + 15 * DAY, (i === 0 || new Date(ms).getUTCMonth() === 0 ? monthYear : month).format(ms)); });
    }
    return picked;
  }

  let observer = null, drawn = null, lit = null;

  function readFigure() {
    const source = document.getElementById("usage-figure");
    if (!source) return null;
    try { return JSON.parse(source.content ? source.content.textContent : source.textContent); }
    catch (error) { return null; }
  }

  function draw() {
    const box = document.getElementById("usage-chart");
    if (!box || !window.Plotly) return;
    const figure = readFigure();
    if (!figure || !figure.data || !figure.data.length) return;
    const readout = document.getElementById("usage-readout");
    const layoutIn = figure.layout || {};
    const meta = layoutIn.meta || {};
    const unit = (layoutIn.yaxis && layoutIn.yaxis.title && (layoutIn.yaxis.title.text || layoutIn.yaxis.title)) || "";
    const text = token("--text"), muted = token("--muted"), line = token("--line"), strong = token("--strong-line"), page = token("--page");
    const colours = {
      "in": token("--chart-in"), "in-peak": token("--chart-in-peak"),
      "out": token("--chart-out"), "out-peak": token("--chart-out-peak"),
    };
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: muted };
    const narrow = box.clientWidth < 560;
    const margin = { l: 44, r: narrow ? 4 : 8, t: unit ? 22 : 8, b: 38, pad: 0 };
    const width = Math.max(120, box.clientWidth - margin.l - margin.r);

    const traces = figure.data.map((t) => Object.assign({}, t));
    const times = Array.from(new Set(traces.flatMap((t) => (t.x || []).map(moment)))).filter(Number.isFinite).sort((a, b) => a - b);
    if (!times.length) return;
    let step = stepOf(times);
    const shapesIn = layoutIn.shapes || [];
    const edges = shapesIn.filter((s) => roleOf(s) === "gap").flatMap((s) => [moment(s.x0), moment(s.x1)]).filter(Number.isFinite);
    const from = Math.min(times[0], ...edges), to = Math.max(times[times.length - 1] + step, ...edges);
    const period = step >= 25 * DAY ? "M1" : step;
    const share = step < DAY ? 1 : 0.68;
    const barPixels = width / Math.max(1, (to - from) / step) * share;

    let low = 0, high = 0;
    const drawnTraces = [];
    const order = ["in-peak", "out-peak", "in", "out"];
    traces.sort((a, b) => order.indexOf(roleOf(a)) - order.indexOf(roleOf(b)));
    for (const t of traces) {
      const role = roleOf(t);
      const colour = colours[role] || muted;
      const peak = /-peak$/.test(role);
      for (const y of t.y || []) if (y !== null && y !== undefined) { low = Math.min(low, y); high = Math.max(high, y); }
      const base = { name: t.name, x: t.x.map((x) => plainDate(moment(x))), y: t.y, hoverinfo: "none", showlegend: false, xperiod: undefined };
      if (t.type === "scatter") {
        drawnTraces.push(Object.assign(base, { type: "scatter", mode: "lines", connectgaps: false, line: { color: colour, width: peak ? 1 : 1.25, shape: (t.line && t.line.shape) || "hv" }, fill: "tozeroy", fillcolor: colours[role + "-peak"] || colour }));
      } else {
        drawnTraces.push(Object.assign(base, { type: "bar", xperiod: period, xperiodalignment: "middle", width: (period === "M1" ? 30 * DAY : step) * share, marker: { color: colour, line: { width: 0 } } }));
        if (peak) drawnTraces.push(Object.assign({}, base, { type: "scatter", mode: "markers", xperiod: period, xperiodalignment: "middle", marker: { symbol: "line-ew", size: Math.max(2, barPixels / 1.4), color: colours[role.replace("-peak", "")], line: { color: colours[role.replace("-peak", "")], width: barPixels > 4 ? 1.5 : 1 } } }));
      }
    }
    const airy = (high - low) * 0.08 || 1;
    const range = [low < 0 ? low - airy : 0, high + airy];
    if (!high && !low) range[1] = 1;
    const upright = marks(range[0], range[1], narrow ? 5 : 6);
    const across = timeMarks(times[0] > from ? [from].concat(times) : times, step, width);

    const shapes = [], annotations = [];
    for (const s of shapesIn) {
      const role = roleOf(s);
      if (role === "weekend") shapes.push({ type: "rect", layer: "below", xref: "x", yref: "paper", x0: plainDate(moment(s.x0)), x1: plainDate(moment(s.x1)), y0: 0, y1: 1, line: { width: 0 }, fillcolor: token("--sunken") });
      else if (role === "gap") {
        const a = moment(s.x0), b = moment(s.x1);
        drawnTraces.push({ type: "bar", yaxis: "y2", x: [plainDate((a + b) / 2)], y: [1], width: b - a, hoverinfo: "skip", showlegend: false, marker: { color: page, line: { width: 0 }, pattern: { shape: "/", size: 7, solidity: 0.12, fgcolor: strong, bgcolor: page } } });
        const label = s.text || (s.label && s.label.text) || meta.gap || "";
        const room = (b - a) / (to - from) * width;
        if (label && room > label.length * 6.6 + 8) annotations.push({ x: plainDate((a + b) / 2), y: 0.5, xref: "x", yref: "paper", text: label, showarrow: false, font: { family: font.family, size: 12, color: text }, bgcolor: page, borderpad: 4 });
      } else if (s.y0 !== undefined) {
        shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, y0: s.y0, y1: s.y1 === undefined ? s.y0 : s.y1, line: { color: text, width: 1, dash: "4px,3px" } });
      }
    }
    for (const a of layoutIn.annotations || []) annotations.push(Object.assign({}, a, { showarrow: false, font: { family: font.family, size: 12, color: text }, bgcolor: page }));

    const layout = {
      autosize: true, height: box.clientHeight || 300, margin, font, barmode: "overlay", showlegend: false, hovermode: "x", dragmode: false,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", transition: { duration: 0 },
      xaxis: { type: "date", range: [plainDate(from), plainDate(to)], fixedrange: true, showgrid: false, zeroline: false, showline: false, ticks: "", tickmode: "array", tickvals: across.map((m) => m[0]), ticktext: across.map((m) => m[1]), tickangle: 0, tickfont: font, showspikes: false },
      yaxis: { range, fixedrange: true, gridcolor: line, gridwidth: 1, zeroline: true, zerolinecolor: strong, zerolinewidth: 1, ticks: "", tickmode: "array", tickvals: upright.values, ticktext: upright.texts.map((t) => t + "\u2002"), tickfont: font },
      yaxis2: { range: [0, 1], overlaying: "y", visible: false, fixedrange: true },
      shapes, annotations,
    };
    if (unit) annotations.push({ x: 0, y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", xshift: -34, yshift: 4, text: unit, showarrow: false, font });

    drawn = box;
    window.Plotly.react(box, drawnTraces, layout, { displayModeBar: false, displaylogo: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false, staticPlot: false }).then(() => {
      for (const part of box.querySelectorAll("[tabindex]")) part.removeAttribute("tabindex");
      box.removeAllListeners && box.removeAllListeners("plotly_hover");
      box.removeAllListeners && box.removeAllListeners("plotly_unhover");
      box.on("plotly_hover", (event) => show(event.points && event.points[0] && event.points[0].x));
      box.on("plotly_unhover", () => show(null));
      show(null);
    });

    function show(x) {
      const at = x === null || x === undefined ? NaN : moment(x);
      let best = -1;
      if (Number.isFinite(at)) {
        const xs = figure.data[0].x;
        let near = Infinity;
        xs.forEach((value, i) => { const away = Math.abs(moment(value) - at); if (away < near) { near = away; best = i; } });
        if (near > (period === "M1" ? 31 * DAY : step)) best = -1;
      }
      light(best);
      if (!readout) return;
      readout.textContent = "";
      if (best >= 0) {
        const data = figure.data[0].customdata && figure.data[0].customdata[best];
        const title = document.createElement("b");
        title.textContent = Array.isArray(data) ? data[0] : data || dayMonth.format(moment(figure.data[0].x[best]));
        readout.append(title);
      }
      let empty = best >= 0;
      for (const t of figure.data) {
        const value = best >= 0 ? t.y[best] : null;
        if (best >= 0 && (value === null || value === undefined)) continue;
        empty = false;
        const item = document.createElement("span");
        const swatch = document.createElement("i");
        swatch.className = "sw-" + roleOf(t);
        item.append(swatch, best >= 0 ? t.name + "\u00a0" + number.format(Math.abs(value)) : t.name);
        readout.append(item);
      }
      if (best >= 0) readout.append(empty ? meta.gap || "" : unit); /* the axis names it otherwise */
    }

    /* The same day is lit in the table below, where every point has its row */
    function light(index) {
      if (lit) { lit.classList.remove("lit"); lit = null; }
      if (index < 0) return;
      const rows = document.querySelectorAll("#usage tr.reading");
      const measured = figure.data[0].y.map((y, i) => (y === null || y === undefined ? -1 : i)).filter((i) => i >= 0);
      if (rows.length !== measured.length) return;
      const place = measured.indexOf(index);
      if (place >= 0) { lit = rows[place]; lit.classList.add("lit"); }
    }

    if (observer) observer.disconnect();
    let last = box.clientWidth;
    observer = new ResizeObserver(() => {
      if (Math.abs(box.clientWidth - last) < 2) return;
      last = box.clientWidth;
      requestAnimationFrame(draw);
    });
    observer.observe(box);
  }

  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.shouldSwap && drawn && window.Plotly) { window.Plotly.purge(drawn); drawn = null; } });
  document.addEventListener("htmx:afterSwap", draw);
  for (const media of ["(prefers-color-scheme: dark)", "print"]) matchMedia(media).addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  draw();
})();
