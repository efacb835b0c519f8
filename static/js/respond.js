// After htmx has put the next page in place: focus its heading, say what was saved; say so when a page was not saved.
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
