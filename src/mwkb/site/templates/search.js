// Looks through search-index.js: rows of name, kind, path, number, id, other names,
// definition, and how a link reads.
(function () {
  "use strict";
  var MOST = 60;
  var input = document.getElementById("words");
  var said = document.getElementById("said");
  var list = document.getElementById("found");
  var rows = window.MWKB_INDEX.map(function (row) {
    return { row: row, low: row.map(function (text) { return text.toLowerCase(); }) };
  });

  function stem(word) {
    return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
  }

  // Whether a text holds the word at the beginning of one of its words.
  function holds(text, word) {
    for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at === 0 || !/[a-z0-9]/.test(text.charAt(at - 1))) return true;
    }
    return false;
  }

  // Where the words stand weighs most; then comes the shorter name.
  function rank(low, whole, words) {
    var name = low[0], number = low[3], id = low[4], others = low[5];
    if (number === whole || id === whole) return 1000;
    if (name === whole) return 900;
    if (others.split("; ").indexOf(whole) >= 0) return 800;
    function all(text) { return words.every(function (word) { return holds(text, word); }); }
    var length = Math.min(name.length, 99);
    if (all(name)) return (name.indexOf(words[0]) === 0 ? 700 : 600) - length;
    if (all(others)) return 500 - length;
    if (all(number + " " + id)) return 400 - length;
    if (all(name + " " + low[1] + " " + number + " " + id + " " + others)) return 300 - length;
    return all(low.join(" ")) ? 200 - length : 0;
  }

  function item(row) {
    var entry = document.createElement("li"), link = document.createElement("a");
    link.href = row[2];
    link.textContent = row[7];
    var kind = document.createElement("span"), text = document.createElement("p");
    kind.className = "small";
    kind.textContent = " " + row[1];
    text.textContent = row[6];
    [link, kind, text].forEach(function (part) { entry.appendChild(part); });
    return entry;
  }

  function search() {
    var whole = input.value.trim().toLowerCase().replace(/\s+/g, " ");
    var words = whole.split(" ").filter(Boolean).map(stem);
    var found = !words.length ? [] : rows.map(function (each, place) {
      return { row: each.row, rank: rank(each.low, whole, words), place: place };
    }).filter(function (each) { return each.rank; });
    found.sort(function (a, b) { return b.rank - a.rank || a.place - b.place; });
    list.replaceChildren.apply(list, found.slice(0, MOST).map(function (each) { return item(each.row); }));
    var shown = found.length > MOST ? ", the best " + MOST + " are shown" : "";
    said.textContent = words.length ? (found.length || "Nothing") + " found" + shown + "." : "";
  }

  var waiting;
  input.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(search, 150); });
  document.getElementById("search").addEventListener("submit", function (event) { event.preventDefault(); search(); });
  input.value = new URLSearchParams(location.search).get("q") || "";
  search();
  if (!input.value) input.focus();
})();
