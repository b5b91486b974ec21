// "SQL" beside a table or chart: the query that it was made by, as `plimsoll sql` runs it.
"use strict";
(() => {
  const { queries: address } = document.currentScript.dataset;
  let queries = {};
  window.plimsollQueries = (found) => { queries = found; };

  const text = (name) => {
    const { kind, subject } = document.body.dataset;
    const list = `['${(subject ?? "").replaceAll("'", "''")}']`;
    return (queries[name] ?? "").replaceAll(`$${kind}s`, () => list);
  };

  const dialog = document.createElement("dialog");
  dialog.className = "sql";
  dialog.setAttribute("aria-label", "SQL of this view");
  const code = document.createElement("code");
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.append(code);
  const copied = window.Plimsoll.button("Copy", "Copy the SQL", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    copied.textContent = "Copied";
  });
  const bar = document.createElement("p");
  bar.className = "tools";
  const how = document.createElement("p");
  how.className = "note";
  how.textContent = "Runs as it stands: plimsoll sql --config plimsoll.toml \"...\", or in any DuckDB that has snapshot.duckdb open.";
  bar.append(copied, window.Plimsoll.button("Close", "Close", () => dialog.close()));
  dialog.append(how, pre, bar);
  document.body.append(dialog);

  for (const place of document.querySelectorAll("[data-sql]")) {
    let tools = place.querySelector(".tools");
    if (!tools) {
      tools = document.createElement("p");
      tools.className = "tools";
      (place.querySelector("figcaption") ?? place).append(tools);
    }
    tools.append(window.Plimsoll.button("SQL", `SQL of ${place.querySelector("caption, h3")?.textContent ?? place.id}`, () =>
      window.Plimsoll.need(address).then(() => {
        code.textContent = text(place.dataset.sql);
        copied.textContent = "Copy";
        dialog.showModal();
      })));
  }
})();
