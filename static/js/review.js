// Reviewing with the keyboard: S, T and W decide, and a button takes the selected words out. All works without this too.
(() => {
  const MARK = "[…]";
  const text = document.getElementById("text");
  const takeOut = document.getElementById("take-out");
  const keys = new Map([...document.querySelectorAll("[data-key]")].map(button => [button.dataset.key, button]));

  takeOut.hidden = false;
  takeOut.addEventListener("click", () => {
    const { selectionStart, selectionEnd } = text;
    const selected = text.value.slice(selectionStart, selectionEnd);
    const start = selectionStart + selected.length - selected.trimStart().length;
    const end = selectionEnd - selected.length + selected.trimEnd().length;
    if (start < end) text.setRangeText(MARK, start, end, "end");
    text.focus();
  });

  for (const button of keys.values()) button.querySelector("kbd").hidden = false;
  document.addEventListener("keydown", event => {
    const writing = event.target.closest("input, textarea, select");
    if (writing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    keys.get(event.key.toLowerCase())?.click();
  });
})();
