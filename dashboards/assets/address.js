// The state of a page lives behind the # of its address: it can be sent, and Back undoes the last change.
"use strict";
window.Plimsoll = (() => {
  const listeners = [];

  // "#services.q=disc&services.sort=-Act+by"; what holds no "=" is the name of a place on the page.
  const read = () => {
    const text = location.hash.slice(1);
    return new URLSearchParams(text.includes("=") ? text : "");
  };

  const get = (name) => read().get(name) ?? "";

  // `quiet` replaces the entry of the history: every letter of a search is not a step to go back by.
  const set = (name, value, quiet = false) => {
    const state = read();
    if ((state.get(name) ?? "") === value) return;
    if (value === "") state.delete(name);
    else state.set(name, value);
    const address = `#${state}`;
    try {
      history[quiet ? "replaceState" : "pushState"](null, "", address);
    } catch {
      location.hash = address;
    }
  };

  const changed = () => listeners.forEach((listener) => listener());
  addEventListener("popstate", changed);
  addEventListener("hashchange", changed);

  // Text that a spreadsheet would run as a formula begins with an apostrophe.
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (/^[=+\-@\t\r\n|%]/.test(text) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const download = (name, rows) => {
    const text = `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const page = document.body.dataset.page.replace(/[^a-z0-9]+/g, "-").slice(0, 40);
    link.download = `${page}-${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const button = (words, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };

  // Scripts that are fetched only when they are needed; each of its own kind once.
  const fetched = new Map();
  const need = (address) => {
    if (!fetched.has(address)) {
      fetched.set(address, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return fetched.get(address);
  };

  return { get, set, onChange: (listener) => listeners.push(listener), download, button, need };
})();
