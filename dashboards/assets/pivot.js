// The pivot of spend: rows by one dimension, opened by a second; what is shown lives in the address.
"use strict";
(() => {
  const place = document.querySelector(".pivot");
  if (!place) return;
  const { createTable, getCoreRowModel, getGroupedRowModel, getSortedRowModel } = window.TableCore;
  const { get, set, button, download, need, onChange } = window.Plimsoll;
  const MEASURES = [["Effective", 0], ["Same days before", 3], ["Billed", 1], ["List", 2]];
  const root = new URL(".", document.querySelector("link[rel=stylesheet]").href);
  const opened = new Set();
  let cells = [];
  let dimensions = [];
  let currencies = [];
  let loaded = false;
  let others; // buttons that other scripts have put beside the pivot

  window.plimsollPivot = (source) => {
    dimensions = source.dimensions.slice(0, -1);
    const currency = source.dimensions.length - 1;
    currencies = source.names[currency];
    cells = source.places[0].map((_, row) => ({
      names: source.places.map((column, k) => source.names[k][column[row]]),
      amounts: source.amounts.map((column) => column[row]),
    }));
  };

  const say = (amount) =>
    amount === null ? "–" : amount.toLocaleString("en", { minimumFractionDigits: Math.abs(amount) < 1000 ? 2 : 0, maximumFractionDigits: Math.abs(amount) < 1000 ? 2 : 0 }).replace("-", "−");
  const change = (now, before) => {
    if (now === null || !(before > 0)) return "–";
    const text = Math.abs((now / before - 1) * 100).toFixed(1);
    return `${text === "0.0" ? "±" : now > before ? "+" : "−"}${text}\u202f%`;
  };
  // What is not known adds nothing, and a sum of nothing known is not known.
  const sum = (id, rows) => rows.reduce((total, row) => { const value = row.getValue(id); return value === null ? total : (total ?? 0) + value; }, null);

  const chosen = () => {
    const by = dimensions.includes(get("pivot.by")) ? get("pivot.by") : "team";
    const then = dimensions.includes(get("pivot.then")) && get("pivot.then") !== by ? get("pivot.then") : by === "service" ? "product" : "service";
    const currency = currencies.includes(get("pivot.currency")) ? get("pivot.currency") : currencies[0];
    return { by, then, currency };
  };

  const grouped = ({ by, then, currency }) => {
    const data = cells.filter((cell) => cell.names.at(-1) === currency);
    const columns = [
      ...dimensions.map((name, k) => ({ id: name, accessorFn: (cell) => cell.names[k] })),
      ...MEASURES.map(([name, k]) => ({ id: name, accessorFn: (cell) => cell.amounts[k], aggregationFn: sum })),
    ];
    const table = createTable({
      data, columns, state: {}, onStateChange: () => {}, renderFallbackValue: null,
      getCoreRowModel: getCoreRowModel(), getGroupedRowModel: getGroupedRowModel(), getSortedRowModel: getSortedRowModel(),
    });
    const order = [{ id: get("pivot.sort") || "Effective", desc: true }];
    table.setOptions((options) => ({ ...options, state: { ...table.initialState, grouping: [by, then], sorting: order } }));
    return table.getSortedRowModel().rows;
  };

  const line = (row, name, classes) => {
    const made = document.createElement("tr");
    made.className = classes;
    const head = document.createElement("th");
    head.scope = "row";
    head.append(name);
    made.append(head);
    const amounts = MEASURES.map(([id]) => row.getValue(id));
    for (const text of [say(amounts[0]), say(amounts[1]), change(amounts[0], amounts[1]), say(amounts[2]), say(amounts[3])]) {
      const cell = made.insertCell();
      cell.className = "n";
      cell.textContent = text;
    }
    return made;
  };

  const select = (words, name, options, value) => {
    const label = document.createElement("label");
    const list = document.createElement("select");
    for (const option of options) list.add(new Option(option, option, false, option === value));
    list.addEventListener("change", () => { set(`pivot.${name}`, list.value); opened.clear(); show(); document.querySelector(`.pivot select[name="${name}"]`).focus(); });
    list.name = name;
    label.append(`${words} `, list);
    return label;
  };

  const total = (rows) => ({ getValue: (id) => sum(id, rows) });

  const show = () => {
    if (!loaded) return;
    const view = chosen();
    const rows = grouped(view);
    const choose = document.createElement("div");
    choose.className = "choose";
    choose.append(select("By", "by", dimensions, view.by), select("then by", "then", dimensions, view.then));
    if (currencies.length > 1) choose.append(select("in", "currency", currencies, view.currency));
    const tools = document.createElement("p");
    tools.className = "tools";
    tools.append(button("CSV", "Download the pivot as CSV", () => download("pivot", [
      [view.by, view.then, "currency", ...MEASURES.map(([name]) => name)],
      ...rows.flatMap((row) => row.subRows.map((part) => [row.groupingValue, part.groupingValue, view.currency, ...MEASURES.map(([id]) => part.getValue(id) ?? "")])),
    ])));
    const own = place.querySelector(":scope > .tools");
    others ??= [...(own?.children ?? [])];
    tools.append(...others);
    choose.append(tools);
    const table = document.createElement("table");
    const caption = table.createCaption();
    caption.textContent = `This month so far by ${view.by}, in ${view.currency}`;
    const heads = table.createTHead().insertRow();
    [view.by, "Effective", "Same days before", "Change", "Billed", "List"].forEach((name, k) => {
      const head = document.createElement("th");
      head.scope = "col";
      head.textContent = name;
      if (k) head.className = "n";
      heads.append(head);
    });
    const body = table.createTBody();
    for (const row of rows) {
      const name = String(row.groupingValue);
      const open = button(name, `${name}: ${opened.has(name) ? "close" : "open"} by ${view.then}`, () => {
        if (!opened.delete(name)) opened.add(name);
        set("pivot.open", [...opened].join("\n"), true);
        show();
        [...place.querySelectorAll("tbody button")].find((one) => one.textContent === name)?.focus();
      });
      open.setAttribute("aria-expanded", opened.has(name));
      body.append(line(row, open, ""));
      if (opened.has(name)) body.append(...row.subRows.map((part) => line(part, String(part.groupingValue), "sub")));
    }
    table.createTFoot().append(line(total(rows), "all", ""));
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", caption.textContent);
    scroll.append(table);
    place.replaceChildren(choose, scroll);
  };

  need(new URL("spend.js", root).href).then(() => {
    loaded = true;
    get("pivot.open").split("\n").filter(Boolean).forEach((name) => opened.add(name));
    show();
  });
  onChange(show);
})();
