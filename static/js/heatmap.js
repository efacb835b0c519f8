// The heatmap with the keyboard and its drawer. Without this file every cell is a link to a page of its own.
(() => {
  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  const told = document.getElementById("told");
  let opener = null;

  const links = () => document.querySelectorAll("#cells .tile > a");
  // One cell takes part in the order of the Tab key; the arrows lead to the others.
  const rove = link => {
    for (const one of links()) one.tabIndex = one === link ? 0 : -1;
  };
  const begin = () => {
    const first = document.querySelector("#cells .tile > a");
    if (first) rove(first);
    const copy = document.getElementById("copy");
    if (copy && navigator.clipboard) copy.hidden = false;
  };

  const grid = () => [...document.querySelectorAll("#cells tr")]
    .map(row => [...row.querySelectorAll(".tile > a")]).filter(row => row.length);
  const moves = {
    ArrowLeft: (rows, y, x) => rows[y][x - 1],
    ArrowRight: (rows, y, x) => rows[y][x + 1],
    ArrowUp: (rows, y, x) => rows[y - 1]?.[x],
    ArrowDown: (rows, y, x) => rows[y + 1]?.[x],
    Home: (rows, y, x, all) => (all ? rows[0] : rows[y])[0],
    End: (rows, y, x, all) => (all ? rows.at(-1) : rows[y]).at(-1),
    PageUp: (rows, y, x) => rows[Math.max(0, y - 10)][x],
    PageDown: (rows, y, x) => rows[Math.min(rows.length - 1, y + 10)][x],
  };
  document.addEventListener("keydown", event => {
    const link = event.target.closest?.("#cells .tile > a");
    const move = moves[event.key];
    if (!link || !move || event.altKey || event.metaKey) return;
    const rows = grid();
    const y = rows.findIndex(row => row.includes(link));
    const next = move(rows, y, rows[y].indexOf(link), event.ctrlKey);
    event.preventDefault();
    if (!next) return;
    rove(next);
    next.focus();
  });

  const open = async link => {
    opener = link;
    rove(link);
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href);
      const cell = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("cell");
      if (!answer.ok || !cell) throw answer.status;
      body.replaceChildren(document.adoptNode(cell));
      drawer.showModal();
      drawer.scrollTop = 0;
      document.getElementById("cell-title").focus();
    } catch {
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  };
  document.addEventListener("click", event => {
    const link = event.target.closest("#cells .tile > a");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
      event.preventDefault();
      open(link);
    }
    if (event.target === drawer || event.target.closest("#drawer-close")) drawer.close();
    if (event.target.id === "copy") {
      navigator.clipboard.writeText(location.href).then(() => { told.textContent = event.target.textContent = event.target.dataset.copied; });
    }
  });
  drawer.addEventListener("close", () => opener?.isConnected && opener.focus());

  // What was exchanged is announced, and focus stays on what was pressed.
  let pressed = "";
  document.addEventListener("focusin", event => { pressed = event.target.closest("#heatmap") ? event.target.id : ""; });
  document.addEventListener("htmx:before:swap", () => { begin.pressed = pressed; });
  document.addEventListener("htmx:after:swap", () => {
    begin();
    told.textContent = document.getElementById("heatmap").dataset.told;
    if (begin.pressed) document.getElementById(begin.pressed)?.focus({ preventScroll: true });
  });
  begin();
})();
