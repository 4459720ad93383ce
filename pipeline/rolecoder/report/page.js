"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const PER_PAGE = 20;
  const UNKNOWN = "?";
  const COUNTED = "counted"; // what hand labels leave of the model's codings, and add to them
  const word = (place) => (place < 0 ? null : data.words[place]);
  const actor = (id) => (id === null ? "unknown" : data.actors[id] || id);
  const make = (name, text, kind) => {
    const node = document.createElement(name);
    if (text !== undefined && text !== null) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  };
  const codings = data.codings.map((c) => ({
    passage: c[0], role: data.roles[c[1]] || ["", ""], probability: c[2], threshold: c[3], source: word(c[4]), holder: word(c[5]),
    aspect: word(c[6]), period: word(c[7]), holderConfidence: c[8], holderReason: word(c[9]), aspectConfidence: c[10], aspectReason: word(c[11]), why: word(c[12]), by: c[13] ? "hand" : "model", denied: c[14] === 1,
  }));
  const passages = data.passages.map((p) => {
    const d = data.documents[p[0]];
    return {
      document: d[0], type: d[1], title: d[2], date: d[3], citation: d[4], path: d[5], start: p[1], end: p[2], text: p[3],
      before: p[4], after: p[5], speaker: word(p[6]), page: word(p[7]), reported: p[8] === 1, none: p[9] === 1, codings: [],
    };
  });
  codings.forEach((c) => passages[c.passage].codings.push(c));
  let shown = [];
  let page = 0;

  // Choices that the passages allow, each with the number of passages behind it.
  const FIELDS = {
    role: [(c) => c.role[0], (v) => (data.roles.find((r) => r[0] === v) || [v, v])[1]],
    source: [(c) => c.source, actor],
    holder: [(c) => c.holder, actor],
    aspect: [(c) => c.aspect, (v) => v],
    period: [(c) => c.period, (v) => v],
    type: [(c) => passages[c.passage].type, (v) => v],
    by: [(c) => c.by, (v) => (v === "hand" ? "hand" : "the model")],
  };
  const inOrder = { role: data.roles.map((role) => role[0]), period: data.periods };
  for (const [name, [read, tell]] of Object.entries(FIELDS)) {
    const counts = new Map();
    codings.forEach((c) => {
      const value = read(c) === null ? UNKNOWN : read(c);
      counts.set(value, (counts.get(value) || new Set()).add(c.passage));
    });
    const label = (v) => (v === UNKNOWN ? "not known" : tell(v));
    const values = [...counts.keys()].sort((a, b) =>
      (a === UNKNOWN) - (b === UNKNOWN) || (name in inOrder ? inOrder[name].indexOf(a) - inOrder[name].indexOf(b) : label(a).localeCompare(label(b))));
    values.forEach((v) => {
      const option = make("option", `${label(v)} (${counts.get(v).size.toLocaleString("en")})`);
      option.value = v;
      form.elements[name].append(option);
    });
    if (name === "by" && codings.some((c) => c.denied)) {
      const option = make("option", "hand, or the model where no label denies it");
      option.value = COUNTED;
      form.elements[name].append(option);
    }
    if ((name === "period" || name === "by") && form.elements[name].options.length < 3) form.elements[name].closest("label").hidden = true;
  }

  const asked = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && !(name === "order" && value === "probability")));

  function choose() {
    const want = asked();
    const needle = (want.words || "").trim().toLocaleLowerCase();
    const tests = Object.entries(FIELDS).filter(([name]) => want[name])
      .map(([name, [read]]) => (c) => (name === "by" && want.by === COUNTED) ? !c.denied : (read(c) === null ? UNKNOWN : read(c)) === want[name]);
    const best = new Map();
    codings.forEach((c) => {
      if (tests.every((test) => test(c)) && (!needle || passages[c.passage].text.toLocaleLowerCase().includes(needle))) {
        const before = best.get(c.passage);
        if (!before || before.probability < c.probability) best.set(c.passage, c);
      }
    });
    shown = [...best.values()];
    const date = (c) => passages[c.passage].date || "9999";
    if (want.order === "date") shown.sort((a, b) => (date(a) < date(b) ? -1 : date(a) > date(b) ? 1 : a.passage - b.passage));
    else shown.sort((a, b) => b.probability - a.probability || a.passage - b.passage);
    page = 0;
    draw();
  }

  const coded = passages.filter((p) => p.codings.some((c) => c.by === "model")).length;
  const byHand = passages.length - coded;
  const whole = (byHand ? `${passages.length.toLocaleString("en")}: ` : "") + `${coded.toLocaleString("en")} coded by the model` +
    (byHand ? `, ${byHand.toLocaleString("en")} given a role by hand alone` : "");

  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
    const part = shown.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
    document.getElementById("count").textContent =
      `${shown.length.toLocaleString("en")} ${shown.length === 1 ? "passage" : "passages"} of ${whole}`;
    list.replaceChildren(...part.map(card));
    document.getElementById("pager").hidden = pages < 2;
    document.getElementById("where").textContent = `page ${page + 1} of ${pages.toLocaleString("en")}`;
    document.querySelector("[data-step='-1']").disabled = page === 0;
    document.querySelector("[data-step='1']").disabled = page === pages - 1;
  }

  function card(match) {
    const p = passages[match.passage];
    const item = make("li");
    for (const c of [match, ...p.codings.filter((other) => other !== match)]) {
      const line = make("p", null, "chips");
      const given = c.by === "hand" ? `labelled by hand (the model: ${c.probability.toFixed(2)})` : `${c.probability.toFixed(2)} (given from ${c.threshold.toFixed(2)})`;
      line.append(make("b", c.role[1]), make("span", ` ${given} · ${sides(c)} · ${c.aspect || "aspect not known"}`));
      item.append(line);
    }
    if (p.none) item.append(make("p", "Labelled by hand: no role", "meta"));
    const quote = make("p", null, "quote");
    if (p.before) quote.append(make("span", p.before + " "));
    quote.append(make("mark", p.text));
    if (p.after) quote.append(make("span", " " + p.after));
    const told = [p.speaker && p.speaker + (p.reported ? " (as reported)" : ""), p.date, p.title, p.page && `p. ${p.page}`, p.type].filter(Boolean);
    item.append(quote, make("p", told.join(" · "), "meta"));
    if (p.citation) item.append(make("p", p.citation, "meta"));
    const why = make("details");
    why.append(make("summary", "Why, and where it stands"));
    for (const c of p.codings.filter((coding) => coding.by === "model")) {
      why.append(make("p", `${c.role[1]}. Whose role: ${c.holderReason} (${c.holderConfidence.toFixed(2)}). Aspect: ${c.aspectReason} (${c.aspectConfidence.toFixed(2)}).${c.why ? " " + c.why : ""}`));
    }
    why.append(make("p", `${p.path}, characters ${p.start} to ${p.end} of the text; passage ${p.document}:${p.start}-${p.end}`));
    item.append(why);
    return item;
  }

  function sides(c) {
    if (c.source !== null && c.source === c.holder) return `${actor(c.source)} about itself`;
    return `${c.source === null ? "unknown speaker" : actor(c.source)} about ${c.holder === null ? "an unknown holder" : actor(c.holder)}`;
  }

  // The address holds the choice: it can be kept, sent, and gone back to.
  function fromAddress(move) {
    const [place, query] = location.hash.split("?");
    if (place !== "#passages") return;
    if (query !== undefined) {
      form.reset();
      for (const [name, value] of new URLSearchParams(query)) {
        const field = form.elements[name];
        if (!field) continue;
        if (field.options && ![...field.options].some((o) => o.value === value)) {
          const option = make("option", value);
          option.value = value;
          field.append(option);
        }
        field.value = value;
      }
      choose();
    }
    if (move) {
      const head = document.getElementById("passages-head");
      head.scrollIntoView();
      head.focus({ preventScroll: true });
    }
  }
  function toAddress() {
    history.replaceState(null, "", "#passages?" + new URLSearchParams(asked()));
    choose();
  }
  form.addEventListener("input", toAddress);
  form.addEventListener("reset", () => setTimeout(toAddress));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("pager").addEventListener("click", (event) => {
    const step = Number(event.target.dataset && event.target.dataset.step);
    if (!step) return;
    page += step;
    draw();
    document.getElementById("count").scrollIntoView();
  });
  window.addEventListener("hashchange", () => fromAddress(true));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#passages?']");
    if (link && link.hash === location.hash) fromAddress(true); // an address that stays as it is tells of no change
  });

  // Tables: a button in each head sorts by its column, what has no number last.
  const value = (cell) => (cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim());
  const number = (text) => parseFloat(text.replace(/[<,\s]/g, "").replace("\u2212", "-")) - (text.startsWith("<") ? 1e-9 : 0);
  function sortBy(table, column, head) {
    const up = head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && (column === 0 || !head.classList.contains("number")));
    table.querySelectorAll("thead th").forEach((th) => th.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const numeric = head.classList.contains("number") || head.dataset.order === "rank";
    const rows = [...table.tBodies[0].rows].map((row) => [row, value(row.cells[column])]);
    rows.sort(([, a], [, b]) => {
      const [x, y] = [number(a), number(b)];
      if (numeric) return Number.isNaN(x) - Number.isNaN(y) || (up ? x - y : y - x) || 0;
      return up ? a.localeCompare(b) : b.localeCompare(a);
    });
    table.tBodies[0].append(...rows.map(([row]) => row));
  }
  document.querySelectorAll("table.sortable").forEach((table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, column, head));
    });
  });

  // On paper nothing is folded away.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    folded.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((part) => { part.open = false; }));

  choose();
  fromAddress(true);
})();
