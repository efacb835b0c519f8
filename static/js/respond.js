import "htmx.min.js";
// Saves answer by answer, says what is saved and never more, and sends again by itself when the connection was away.
// Answers are nowhere but in the fields of the open page: `defaultChecked` and `defaultValue` are what the server has.
(() => {
  const LONGEST_PAUSE = 20000;
  const part = id => document.getElementById(id);
  const answers = () => document.querySelector("form[hx-post]");
  const fields = () => [...(answers()?.elements ?? [])];
  let pressed = null; // the button that was pressed while there was no connection
  let sending = ""; // the page that is on its way because a button was pressed
  let again = 0;
  let pause = 1000;
  let leaving = false;
  let meanwhile = null; // what was changed while a page that was refused was on its way
  let shown = part("page");

  const changed = one => one.matches("[type=radio], [type=checkbox]") ? one.checked !== one.defaultChecked : one.matches("textarea") && one.value !== one.defaultValue;
  const unsaved = () => fields().some(changed);
  const say = words => { part("status").textContent = words; };

  const mark = () => {
    const page = part("page");
    if (!page || !answers()) return;
    page.dataset.watched = "";
    page.toggleAttribute("data-unsaved", unsaved());
  };

  // What was sent in `told` is what the server has now. What was changed meanwhile goes on being unsaved.
  const kept = told => {
    for (const one of fields()) {
      if (one.matches("[type=radio]")) one.defaultChecked = told.get(one.name) === one.value;
      else if (one.matches("[type=checkbox]")) one.defaultChecked = told.has(one.name);
      else if (one.matches("textarea")) one.defaultValue = told.get(one.name) ?? "";
    }
    mark();
    if (unsaved()) return;
    const saved = document.querySelector(".saved");
    saved.hidden = false;
    say(saved.textContent);
  };

  const reached = () => {
    clearTimeout(again);
    pause = 1000;
    pressed = null;
    if (part("trouble")) part("trouble").hidden = true;
  };
  const retry = () => {
    if (!answers()) return;
    if (pressed?.isConnected) answers().requestSubmit(pressed);
    else htmx.trigger(answers(), "keep");
  };
  const failed = told => {
    if (told.request.submitter) pressed = told.request.submitter;
    if (part("trouble")) part("trouble").hidden = false;
    clearTimeout(again);
    again = setTimeout(retry, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  };

  document.addEventListener("htmx:config:request", event => {
    const { ctx } = event.detail;
    const told = new URLSearchParams(ctx.request.body);
    told.delete("go");
    const page = String(told);
    if (ctx.sourceEvent.type === "submit") {
      if (sending) event.preventDefault(); // a double tap
      sending = page;
      return;
    }
    if (!unsaved() || sending === page || tooLong()) event.preventDefault();
    ctx.request.body.set("go", "keep");
    ctx.request.keepalive = true; // it arrives although the page is put away
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const { status, headers } = ctx.response;
    if (headers.has("HX-Redirect")) leaving = true;
    if (status === 403 || status >= 500) return;
    reached();
    if (status === 204) kept(ctx.request.body);
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (ctx.response.status === 403 || ctx.response.status >= 500) failed(ctx);
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx && failed(ctx));
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceEvent.type === "submit") sending = "";
  });

  // A page that saved itself and was refused comes back with the reason. What was changed meanwhile is put into it again,
  // and whoever is answering is left where they are.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const told = ctx.request.body;
    meanwhile = null;
    if (told?.get("go") !== "keep" || ctx.swap === "none") return; // "none": it was saved, and the page stays
    const newer = one => one.matches("[type=radio]") ? one.checked && told.get(one.name) !== one.value : one.matches("[type=checkbox]") ? one.checked !== told.has(one.name) : one.matches("textarea") && one.value !== told.get(one.name);
    meanwhile = { fields: fields().filter(newer), focus: document.activeElement };
  });
  const putBack = ({ fields: changed, focus }) => {
    const same = old => fields().find(one => one.name === old.name && one.type === old.type && (one.type !== "radio" || one.value === old.value));
    for (const old of changed) {
      const one = same(old);
      if (one?.matches("textarea")) one.value = old.value;
      else if (one) one.checked = old.checked;
    }
    if (focus.name) (same(focus) ?? fields().find(one => one.name === focus.name))?.focus({ preventScroll: true });
    say(document.querySelector(".hint")?.textContent ?? "");
    mark();
    htmx.trigger(answers(), "keep");
  };

  // The next page stands in place of the last one: its heading gets the focus, and what was saved is said.
  document.addEventListener("htmx:after:swap", () => {
    const page = part("page");
    if (!page || page === shown) return; // nothing was put in its place: it was only saved
    shown = page;
    if (meanwhile) {
      putBack(meanwhile);
      meanwhile = null;
      return;
    }
    const heading = page.querySelector("h1");
    document.title = page.dataset.title ?? heading.textContent;
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
    say(page.dataset.said ?? "");
    mark();
  });

  document.addEventListener("input", ({ target }) => {
    if (!target.closest("form[hx-post]")) return;
    say("");
    mark();
  });
  addEventListener("online", retry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved()) htmx.trigger(answers(), "keep");
  });
  // A form that a browser sends by itself, to show the page in another language, leads on and loses nothing.
  document.addEventListener("submit", event => {
    const ours = event.target.matches("[hx-post]");
    if (ours && !event.submitter?.hasAttribute("form")) return;
    if (event.target.method !== "dialog") leaving = true;
    if (ours) event.stopImmediatePropagation();
  }, true);
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", event => {
    if (!leaving && unsaved()) event.preventDefault();
  });

  // Names and length, while somebody writes. The patterns are the server's own, and so are the words; they travel with
  // the page, so that there is one place for them.
  const over = text => text.value.trim().length - text.dataset.longest;
  const tooLong = () => fields().some(one => one.dataset.longest && over(one) > 0);
  const saying = text => {
    const told = text.form.dataset;
    const found = JSON.parse(told.names).filter(([, source]) => new RegExp(source).test(text.value));
    const words = [...new Set(found.map(([kind]) => told[kind]))];
    if (words.length) text.form.elements.warned.value = "yes";
    return [
      words.length ? told.found.replace("{found}", new Intl.ListFormat(document.documentElement.lang).format(words)) : "",
      over(text) > 0 ? `${told.over} ${over(text)}` : "",
    ].join(" ").trim();
  };
  let looking;
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.longest) return;
    clearTimeout(looking);
    looking = setTimeout(() => {
      const said = saying(target);
      const place = part(`${target.id}-found`);
      if (place && place.textContent !== said) place.textContent = said;
    }, 400);
  });
  mark();

  // The answers that were sent, shown once: where scripts run, a button prints them.
  if (part("print")) {
    part("print").hidden = false;
    part("print").addEventListener("click", () => print());
  }

  // What the next pages need, once this one is there.
  addEventListener("load", () => {
    const next = document.querySelector("meta[name=next]");
    if (next) document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", as: "style", href: next.content }));
  });
})();
