// Warns of names while somebody writes. After htmx has put the next page in place: focus its heading, say what was saved; say so when a page was not saved.
(() => {
  const part = id => document.getElementById(id);

  document.addEventListener("htmx:after:swap", () => {
    const page = part("page");
    if (!page) return;
    if (page.dataset.title) document.title = page.dataset.title;
    scrollTo(0, 0);
    page.querySelector("h1")?.focus({ preventScroll: true });
    part("status").textContent = page.dataset.said ?? "";
  });

  // The patterns are the server's own, and so are the words; they travel with the page, so that there is one place for them.
  const saying = text => {
    const told = text.form.dataset;
    const found = (JSON.parse(told.names)).filter(([, source]) => new RegExp(source).test(text.value));
    const words = [...new Set(found.map(([kind]) => told[kind]))];
    if (words.length) text.form.elements.warned.value = "yes";
    const over = text.value.trim().length - text.dataset.longest;
    return [
      words.length ? told.found.replace("{found}", new Intl.ListFormat(document.documentElement.lang).format(words)) : "",
      over > 0 ? `${told.over} ${over}` : "",
    ].join(" ").trim();
  };
  let pause;
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.longest) return;
    clearTimeout(pause);
    pause = setTimeout(() => {
      const said = saying(target);
      const place = part(`${target.id}-found`);
      if (place.textContent !== said) place.textContent = said;
    }, 400);
  });

  const notSaved = () => {
    const trouble = part("trouble");
    if (trouble) trouble.hidden = false;
  };
  document.addEventListener("htmx:error", notSaved);
  document.addEventListener("htmx:response:error", event => {
    const status = event.detail.ctx.response.status;
    if (status === 403 || status >= 500) notSaved();
  });
  document.addEventListener("htmx:before:request", () => {
    const trouble = part("trouble");
    if (trouble) trouble.hidden = true;
  });
})();
