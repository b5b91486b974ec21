// Every chart is a picture already. Where one is touched, pointed at or explored, Plotly takes its place.
"use strict";
(() => {
  const { plotly: plotlyAddress, figures: figuresAddress } = document.currentScript.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  const probe = document.createElement("i");
  const drawn = new Set();
  let figures = {};

  window.plimsollFigures = (found) => { figures = found; };
  const withFigures = () => window.Plimsoll.need(figuresAddress);

  // Figures name colours as the style sheet does; what they are depends on light or dark.
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const coloured = (figure) =>
    JSON.parse(JSON.stringify(figure).replace(/var\((--c-[a-z0-9-]+)\)/g, (_, name) => colour(name)));

  const dress = (layout) => {
    const [ink, line, surface, muted] = ["--c-ink", "--c-line", "--c-surface", "--c-muted"].map(colour);
    const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, tickcolor: line, fixedrange: false };
    const size = 12;
    const some = narrow.matches
      ? { tickvals: layout.xaxis.tickvals.filter((_, k, all) => (all.length - 1 - k) % 2 === 0), ticktext: layout.xaxis.ticktext.filter((_, k, all) => (all.length - 1 - k) % 2 === 0) }
      : {};
    return {
      ...layout,
      autosize: true,
      showlegend: false,
      hovermode: "x unified",
      dragmode: narrow.matches ? false : "zoom",
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      bargap: layout.barmode === "group" ? 0.3 : 0.15,
      margin: { l: 48, r: 52, t: 22, b: 28 },
      font: { family: getComputedStyle(document.body).fontFamily, size, color: muted },
      hoverlabel: { bgcolor: surface, bordercolor: line, font: { color: ink, size } },
      xaxis: { ...axis, showgrid: false, ...layout.xaxis, ...some },
      yaxis: { ...axis, ...layout.yaxis },
    };
  };

  const draw = (plot) => {
    const id = plot.closest(".chart").id;
    const figure = coloured(figures[id]);
    const live = plot.querySelector(".live") ?? plot.appendChild(Object.assign(document.createElement("div"), { className: "live" }));
    // No mode bar: one of its buttons would send the chart to a web site.
    window.Plotly.react(live, figure.data, dress(figure.layout), { displayModeBar: false, responsive: true, displaylogo: false });
    plot.classList.add("drawn");
    drawn.add(plot);
  };

  const wake = (plot) => {
    if (plot.dataset.woken || !figuresAddress) return;
    plot.dataset.woken = "1";
    Promise.all([withFigures(), window.Plimsoll.need(plotlyAddress)]).then(() => draw(plot), () => plot.classList.add("failed"));
  };

  // Times and values of each trace, one row a place on the axis.
  const table = (figure) => {
    const places = new Map();
    const traces = figure.data.filter((trace) => trace.y.some((y) => y !== null));
    traces.forEach((trace, k) => {
      const start = trace.x0 === undefined ? 0 : Date.parse(`${trace.x0.replace(" ", "T")}Z`);
      trace.y.forEach((y, place) => {
        const x = trace.x0 === undefined ? trace.x[place] : new Date(start + place * trace.dx).toISOString().slice(0, 16).replace("T", " ");
        if (!places.has(x)) places.set(x, traces.map(() => null));
        places.get(x)[k] = y;
      });
    });
    const rows = [...places].filter(([, values]) => values.some((value) => value !== null));
    if (figure.layout.xaxis.type === "date") rows.sort(([a], [b]) => (a < b ? -1 : 1));
    const axis = figure.layout.xaxis.type === "date" ? "time_utc" : "place";
    return [[axis, ...traces.map((trace) => trace.name)], ...rows.map(([x, values]) => [x, ...values])];
  };

  document.body.append(probe);
  probe.hidden = true;
  for (const chart of document.querySelectorAll(".chart")) {
    const plot = chart.querySelector(".plot");
    if (!plot) continue;
    const title = chart.querySelector("h3").textContent;
    const tools = document.createElement("p");
    tools.className = "tools";
    tools.append(
      window.Plimsoll.button("Explore", `Explore: ${title}`, () => wake(plot)),
      window.Plimsoll.button("CSV", `Download as CSV: ${title}`, () => withFigures().then(() => window.Plimsoll.download(chart.id, table(figures[chart.id])))),
    );
    chart.querySelector("figcaption").append(tools);
    // A mouse that only passes by wakes nothing.
    let waiting = 0;
    plot.addEventListener("pointerenter", (event) => { waiting = setTimeout(() => wake(plot), event.pointerType === "mouse" ? 120 : 0); });
    plot.addEventListener("pointerleave", () => clearTimeout(waiting));
    plot.addEventListener("pointerdown", () => wake(plot));
  }
  const again = () => drawn.forEach(draw);
  dark.addEventListener("change", again);
  narrow.addEventListener("change", again);
})();
