// Draws charts when they are scrolled to, and sorts and filters the table of services. No requests but plotly.js itself.
"use strict";
(() => {
  const plotlyAddress = document.currentScript.dataset.plotly;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  const probe = document.createElement("i");
  const drawn = new Set();
  let plotly = null;

  // Figures name colours as the style sheet does; what they are depends on light or dark.
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };

  const figureOf = (element) => {
    const text = document.querySelector(`script[data-for="${element.id}"]`).textContent;
    return JSON.parse(text.replace(/var\((--c-[a-z0-9-]+)\)/g, (_, name) => colour(name)));
  };

  const dress = (layout) => {
    const [ink, line, surface, muted] = ["--c-ink", "--c-line", "--c-surface", "--c-muted"].map(colour);
    const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, tickcolor: line, automargin: true, fixedrange: false };
    const size = narrow.matches ? 11 : 12;
    return {
      ...layout,
      autosize: true,
      showlegend: false,
      hovermode: "x unified",
      dragmode: narrow.matches ? false : "zoom",
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      bargap: layout.barmode === "group" ? 0.3 : 0.15,
      // Right of the chart is room for the words of its limit; where space is dear, only where there is one.
      margin: { l: 44, r: !narrow.matches || layout.annotations.some(({ xref }) => xref === "paper") ? 46 : 26, t: 22, b: 28 },
      font: { family: getComputedStyle(document.body).fontFamily, size, color: muted },
      hoverlabel: { bgcolor: surface, bordercolor: line, font: { color: ink, size } },
      xaxis: { ...axis, showgrid: false, nticks: narrow.matches ? 5 : 10, ...layout.xaxis },
      yaxis: { ...axis, nticks: 6, ...layout.yaxis },
    };
  };

  const draw = (element) => {
    const figure = figureOf(element);
    // No mode bar: one of its buttons would send the chart to a web site.
    const config = { displayModeBar: false, responsive: true, displaylogo: false };
    window.Plotly.react(element, figure.data, dress(figure.layout), config);
    element.classList.add("drawn");
    drawn.add(element);
  };

  const withPlotly = () => {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = plotlyAddress;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return plotly;
  };

  const startCharts = () => {
    const waiting = document.querySelectorAll(".plot");
    if (!waiting.length) return;
    probe.style.display = "none";
    document.body.append(probe);
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        withPlotly().then(() => draw(target), () => target.classList.add("failed"));
      }
    }, { rootMargin: "400px 0px" });
    waiting.forEach((element) => seen.observe(element));
    const again = () => drawn.forEach(draw);
    dark.addEventListener("change", again);
    narrow.addEventListener("change", again);
    addEventListener("beforeprint", () => {
      document.documentElement.style.colorScheme = "light";
      if (window.Plotly) waiting.forEach(draw);
    });
    addEventListener("afterprint", () => {
      document.documentElement.style.colorScheme = "";
      again();
    });
  };

  const startTable = () => {
    const table = document.getElementById("table");
    if (!table) return;
    const body = table.tBodies[0];
    const find = document.getElementById("find");
    const tiers = document.getElementById("tiers");
    const more = document.getElementById("more");
    let rows = [...body.rows];
    let most = 200; // rows laid out at once: more makes every keystroke wait

    const show = () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      const tier = tiers.querySelector("input:checked").value;
      const found = rows.filter((row) =>
        (!tier || row.dataset.tier === tier) && words.every((word) => row.dataset.find.includes(word)));
      body.replaceChildren(...found.slice(0, most));
      const all = rows.length.toLocaleString("en");
      document.getElementById("shown").textContent =
        found.length === rows.length ? `${all} services` : `${found.length.toLocaleString("en")} of ${all} services`;
      document.getElementById("nothing").hidden = found.length > 0;
      more.hidden = found.length <= most;
      more.textContent = `Show all ${found.length.toLocaleString("en")}`;
    };

    // Numbers as numbers, currencies apart, and what is not known last whichever way it is sorted.
    const sort = (header, down) => {
      const column = header.cellIndex;
      const keyed = rows.map((row) => {
        const { v, g = "" } = row.cells[column].dataset;
        const number = Number(v);
        return { row, known: v !== undefined, group: g, value: v === undefined || Number.isNaN(number) ? v : number };
      });
      const way = down ? -1 : 1;
      keyed.sort((a, b) =>
        b.known - a.known || a.group.localeCompare(b.group)
        || (a.value < b.value ? -way : a.value > b.value ? way : 0));
      rows = keyed.map(({ row }) => row);
      show();
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
    };

    for (const header of table.tHead.rows[0].cells) {
      const button = header.querySelector("button");
      button.addEventListener("click", () => {
        const now = header.getAttribute("aria-sort");
        sort(header, now ? now === "ascending" : "down" in button.dataset);
      });
    }
    find.addEventListener("input", show);
    tiers.addEventListener("change", show);
    more.addEventListener("click", () => {
      most = Infinity;
      show();
    });
    addEventListener("keydown", (event) => {
      const typing = /^(input|textarea|select)$/i.test(document.activeElement.tagName);
      if (event.key === "/" && !typing) {
        event.preventDefault();
        find.focus();
      }
    });
    // Rows that would make the page heavy come in a file of their own, made by the same template.
    window.plimsollRows = (later) => {
      const aside = document.createElement("template");
      aside.innerHTML = later.join("");
      rows.push(...aside.content.children);
      show();
    };
    show();
  };

  startTable();
  startCharts();
})();
