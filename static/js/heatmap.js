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
    const here = document.activeElement?.closest("#cells .tile > a") || document.querySelector("#cells .tile > a");
    if (here) rove(here);
    // The rows that come next have their place already, so that nothing moves when they take it.
    const more = document.getElementById("more");
    const row = document.querySelector("#cells > tbody > tr");
    if (more && row) more.style.height = `${more.dataset.next * (row.offsetHeight + 2)}px`;
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

  // Puts the cell behind a link into the drawer, and then does what is left; where that fails, the page of the cell opens.
  const fill = async (link, then) => {
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href);
      const cell = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("cell");
      if (!answer.ok || !cell) throw answer.status;
      body.replaceChildren(document.adoptNode(cell));
      then();
    } catch {
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  };
  const open = link => {
    opener = link;
    rove(link);
    fill(link, () => {
      drawer.showModal();
      drawer.scrollTop = 0;
      document.getElementById("cell-title").focus();
    });
  };
  document.addEventListener("click", event => {
    const link = event.target.closest("#cells .tile > a");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
      event.preventDefault();
      open(link);
    }
    // A trend that is read otherwise stays in the drawer, and so does the place where it was chosen.
    const turn = event.target.closest("#drawer-body .looks a");
    if (turn && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
      event.preventDefault();
      const top = drawer.scrollTop;
      fill(turn, () => {
        drawer.scrollTop = top;
        body.querySelector(".looks [aria-current]")?.focus({ preventScroll: true });
      });
    }
    if (event.target === drawer || event.target.closest("#drawer-close")) drawer.close();
    if (event.target.id === "copy") {
      navigator.clipboard.writeText(location.href).then(() => { told.textContent = event.target.textContent = event.target.dataset.copied; });
    }
  });
  drawer.addEventListener("close", () => opener?.isConnected && opener.focus());

  // What was exchanged is announced, and focus stays on what was pressed; of more rows it goes to the first new one.
  let pressed = "";
  let drawn = 0;
  document.addEventListener("focusin", event => { pressed = event.target.closest("#heatmap") ? event.target.id : ""; });
  document.addEventListener("htmx:before:swap", () => {
    begin.pressed = pressed;
    drawn = pressed === "more" ? Number(document.getElementById("more")?.dataset.drawn) : 0;
  });
  document.addEventListener("htmx:after:swap", () => {
    begin();
    told.textContent = document.getElementById("heatmap").dataset.told;
    const next = drawn ? document.querySelectorAll("#cells > tbody > tr")[drawn]?.querySelector("th a:last-of-type") : null;
    (next || (begin.pressed ? document.getElementById(begin.pressed) : null))?.focus({ preventScroll: true });
  });

  // On paper stand all rows: they are fetched first, and the page that has them prints itself.
  document.addEventListener("keydown", event => {
    const all = document.getElementById("all-rows");
    if (!all || event.key !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    location.assign(`${all.href}#print`);
  });
  if (location.hash === "#print") {
    history.replaceState(null, "", location.pathname + location.search);
    window.print();
  }
  begin();
})();
