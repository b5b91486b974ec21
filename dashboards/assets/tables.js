// Sorts, filters and downloads tables with TanStack Table; without this script they are complete, in their own order.
"use strict";
(() => {
  const { createTable, getCoreRowModel, getSortedRowModel, getFilteredRowModel } = window.TableCore;
  const FEW = 8; // rows: fewer need no search
  // Rows laid out at once: more would make every letter wait, and a phone scroll for ever.
  const MOST = matchMedia("screen and (max-width: 640px)").matches ? 12 : 50;
  const FIRST = 16; // rows, about a screen: those below it are laid out a frame later, after the letter is shown

  const valueOf = (text) => (text === undefined ? null : text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text);

  // What a row is sorted, found and downloaded by.
  const record = (sheet) => (row) => {
    const cells = [...row.cells];
    return {
      row,
      html: null,
      values: cells.map((cell) => (cell.dataset.v === undefined ? null : valueOf(cell.dataset.v))),
      groups: cells.map((cell) => cell.dataset.g ?? ""),
      find: (sheet.dataset.find ? row.cells[0] : row).textContent.toLowerCase(),
      choice: "",
    };
  };

  const element = (one) => {
    if (!one.row) {
      const aside = document.createElement("template");
      aside.innerHTML = one.html;
      one.row = aside.content.firstElementChild;
    }
    return one.row;
  };

  const textOf = (one, place) => element(one).cells[place]?.textContent.trim() || null;

  // Numbers as numbers, currencies apart, and what is not known last whichever way it is sorted.
  const compare = (place, numeric, down) => (a, b) => {
    const [x, y] = [a.original, b.original].map((one) => (numeric ? one.values[place] : one.values[place] ?? textOf(one, place)));
    const way = down() ? -1 : 1;
    if (x === null || y === null) return ((x === null) - (y === null)) * way;
    const group = (a.original.groups[place] ?? "").localeCompare(b.original.groups[place] ?? "");
    if (group) return group * way;
    if (typeof x === "number" && typeof y === "number") return x - y;
    return String(x).localeCompare(String(y), "en", { numeric: true });
  };

  const start = (sheet) => {
    const html = sheet.querySelector("table");
    const body = html.tBodies[0];
    const heads = [...html.tHead.rows[0].cells];
    const id = sheet.id;
    let data = [...body.rows].map(record(sheet));
    const own = data.length;
    const all = Number(sheet.dataset.more ?? own);
    let most = MOST;
    let direction = false;
    const titles = heads.map((head) => head.firstChild.textContent.trim());
    const numeric = heads.map((_, place) => data.some((one) => one.values[place] !== null));

    const columns = titles.map((title, place) => ({
      id: String(place),
      accessorFn: (one) => one.values[place],
      sortingFn: compare(place, numeric[place], () => direction),
      sortDescFirst: "down" in heads[place].dataset || heads[place].classList.contains("n"),
    }));
    const state = { sorting: [], globalFilter: { words: [], choice: "" }, columnFilters: [], columnPinning: {}, columnVisibility: {} };
    const table = createTable({
      data,
      columns,
      state,
      getCoreRowModel: getCoreRowModel(),
      getSortedRowModel: getSortedRowModel(),
      getFilteredRowModel: getFilteredRowModel(),
      globalFilterFn: (row, _, { words, choice }) =>
        (!choice || row.original.choice === choice) && words.every((word) => row.original.find.includes(word)),
      getColumnCanGlobalFilter: () => true,
      onStateChange: () => {},
      renderFallbackValue: null,
    });

    // What stands above the table: search, choice, count, downloads.
    const bar = document.createElement("div");
    bar.className = "bar";
    const count = document.createElement("p");
    count.className = "shown";
    count.setAttribute("role", "status");
    let find = null;
    if (all > FEW) {
      const label = document.createElement("label");
      label.className = "search";
      find = document.createElement("input");
      find.type = "search";
      find.id = `${id}-find`;
      find.autocomplete = "off";
      find.placeholder = sheet.dataset.find ?? "any column";
      label.append("Search ", find);
      bar.append(label);
    }
    const choices = [];
    if (sheet.dataset.choice) {
      const set = document.createElement("fieldset");
      set.className = "tiers";
      const legend = document.createElement("legend");
      legend.textContent = sheet.dataset.choice;
      set.append(legend);
      for (const value of ["", ...sheet.dataset.options.split(",")]) {
        const label = document.createElement("label");
        const input = document.createElement("input");
        const words = document.createElement("span");
        Object.assign(input, { type: "radio", name: `${id}-choice`, value });
        words.textContent = value || "all";
        label.append(input, words);
        input.addEventListener("change", () => {
          window.Plimsoll.set(`${id}.choice`, value);
          show();
        });
        choices.push(input);
        set.append(label);
      }
      bar.append(set);
    }
    const tools = document.createElement("p");
    tools.className = "tools";
    const caption = html.caption?.textContent ?? sheet.dataset.noun ?? id;
    tools.append(window.Plimsoll.button("CSV", `Download ${caption} as CSV`, () => download()));
    bar.append(count, tools);
    sheet.prepend(bar);
    const more = window.Plimsoll.button("", "", () => {
      window.Plimsoll.set(`${id}.rows`, "all");
      show();
    });
    more.className = "more";
    more.removeAttribute("aria-label");
    const nothing = document.createElement("p");
    nothing.className = "note spaced";
    nothing.textContent = "No row has that.";
    sheet.append(more, nothing);

    const readState = () => {
      const { get } = window.Plimsoll;
      const words = get(`${id}.q`);
      if (find && find.value !== words && document.activeElement !== find) find.value = words;
      const choice = get(`${id}.choice`);
      for (const input of choices) input.checked = input.value === choice;
      const sort = get(`${id}.sort`);
      direction = sort.startsWith("-");
      // Of the column's title, so that an address outlives columns that come and go.
      const place = titles.indexOf(direction ? sort.slice(1) : sort);
      state.sorting = place >= 0 ? [{ id: String(place), desc: direction }] : [];
      state.globalFilter = { words: words.toLowerCase().split(/\s+/).filter(Boolean), choice };
      most = get(`${id}.rows`) === "all" ? Infinity : MOST;
    };

    // The same rows in the same order are laid out already: most letters of a search change nothing.
    let laid = [...body.rows];
    const lay = (wanted, first = FIRST) => {
      if (wanted.length === laid.length && wanted.every((row, k) => row === laid[k]) && first === FIRST) return;
      laid = wanted;
      body.replaceChildren(...wanted.slice(0, first));
      if (wanted.length <= first) return;
      requestAnimationFrame(() => setTimeout(() => laid === wanted && body.append(...wanted.slice(first))));
    };

    const rows = () => {
      table.setOptions((options) => ({ ...options, data, state: { ...table.initialState, ...state } }));
      return table.getRowModel().rows.map((row) => row.original);
    };

    const show = () => {
      readState();
      const found = rows();
      lay(found.slice(0, most).map(element));
      const noun = sheet.dataset.noun ?? "rows";
      const number = (n) => n.toLocaleString("en");
      count.textContent = found.length === data.length ? `${number(Math.max(all, data.length))} ${noun}` : `${number(found.length)} of ${number(all)} ${noun}`;
      count.hidden = all <= FEW;
      nothing.hidden = found.length > 0;
      more.hidden = found.length <= most;
      more.textContent = `Show all ${number(found.length)}`;
      heads.forEach((head, place) => {
        const sorting = state.sorting[0]?.id === String(place) ? (state.sorting[0].desc ? "descending" : "ascending") : "";
        if (sorting) head.setAttribute("aria-sort", sorting);
        else head.removeAttribute("aria-sort");
      });
    };

    const download = () =>
      window.Plimsoll.download(id, [titles, ...rows().map((one) => titles.map((_, place) => (numeric[place] ? one.values[place] ?? "" : textOf(one, place) ?? "")))]);

    heads.forEach((head, place) => {
      if (all < 2 || !titles[place]) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(head.firstChild);
      head.prepend(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : columns[place].sortDescFirst;
        window.Plimsoll.set(`${id}.sort`, `${down ? "-" : ""}${titles[place]}`);
        show();
      });
    });
    find?.addEventListener("input", () => {
      // The first letter is a step to go back by, the next ones are not.
      window.Plimsoll.set(`${id}.q`, find.value, window.Plimsoll.get(`${id}.q`) !== "" && find.value !== "");
      show();
    });
    window.Plimsoll.onChange(() => {
      if (find) find.value = window.Plimsoll.get(`${id}.q`);
      show();
    });
    addEventListener("beforeprint", () => lay(rows().map(element), Infinity));
    addEventListener("afterprint", show);
    if (choices.length) data.forEach((one) => { one.choice = textOf(one, 0).match(/tier (\d)/)?.[1] ?? "none"; });
    show();
    return {
      id,
      add: (later) => {
        data = [...data, ...later];
        numeric.forEach((_, place) => { numeric[place] = data.some((one) => one.values[place] !== null); });
        show();
      },
    };
  };

  const sheets = [...document.querySelectorAll(".sheet")].filter((sheet) => sheet.querySelector("table")).map(start);

  // Rows that would make the page heavy come in a file of their own: [html, words, choice, values, groups].
  window.plimsollRows = (id, later) =>
    sheets.find((sheet) => sheet.id === id)?.add(
      later.map(([html, find, choice, values, groups]) => ({ row: null, html, find, choice, values, groups })));

  addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement.tagName);
    const first = document.querySelector(".search input");
    if (event.key === "/" && !typing && first) {
      event.preventDefault();
      first.focus();
    }
  });
})();
