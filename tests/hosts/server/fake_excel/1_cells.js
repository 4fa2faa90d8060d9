// Cells of the Excel in memory, what it makes of a typed text, and how it answers to what it does not know.
(function (world) {
  "use strict";

  // --- Addresses.

  const letters = (column) => (column < 0 ? "" : letters(Math.floor(column / 26) - 1) + String.fromCharCode(65 + (column % 26)));
  const columnOf = (name) => [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const corner = (row, column) => `${letters(column)}${row + 1}`;

  function addressOf({ row, column, rows, columns }) {
    const first = corner(row, column);
    return rows === 1 && columns === 1 ? first : `${first}:${corner(row + rows - 1, column + columns - 1)}`;
  }

  function areaOf(address) {
    const plain = address.split("!").pop().replaceAll("$", "");
    const found = /^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec(plain);
    if (!found) throw new Error(`fake Excel: cannot read the address ${address}`);
    const [, left, top, right = left, bottom = top] = found;
    return { row: top - 1, column: columnOf(left), rows: bottom - top + 1, columns: columnOf(right) - columnOf(left) + 1 };
  }

  // --- What is not modelled: recorded where it is look, an error elsewhere.

  const recorded = [];

  function lookOnly(path) {
    const kept = {};
    return new Proxy(function () {}, {
      get: (_, name) => {
        if (typeof name === "symbol" || name === "then") return undefined;
        if (name in kept) return kept[name];
        return (kept[name] = lookOnly(`${path}.${name}`));
      },
      set: (_, name, value) => {
        recorded.push([`${path}.${String(name)}`, value]);
        kept[name] = value;
        return true;
      },
      apply: (_, __, given) => {
        recorded.push([`${path}()`, given.length]);
        return lookOnly(`${path}()`);
      },
    });
  }

  // Every object of Office.js can be told to load; reading it before is not refused here.
  function office(object, label) {
    const shown = new Proxy(object, {
      get(target, name) {
        if (name === "load") return () => shown;
        if (name === "then" || typeof name === "symbol") return undefined;
        if (name in target) {
          const value = target[name];
          return typeof value === "function" ? value.bind(target) : value;
        }
        throw new Error(`fake Excel: ${label}.${name} is not modelled`);
      },
      set(target, name, value) {
        if (!(name in target)) throw new Error(`fake Excel: ${label}.${String(name)} cannot be set`);
        target[name] = value;
        return true;
      },
    });
    return shown;
  }

  const nothing = (label) => office({ isNullObject: true }, label);
  const collection = (label, items, more = {}) =>
    office(Object.defineProperties({ items: null, ...more }, { items: { get: items, enumerable: true } }), label);

  // --- Cells.

  const NUMBER = /^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?$/i;
  const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
  const EPOCH = Date.UTC(1899, 11, 30);

  // What Excel makes of a typed text: [value, number format it sets in a General cell].
  function typed(text) {
    if (text.startsWith("'")) return [text.slice(1), null];
    const trimmed = text.trim();
    if (/^(true|false)$/i.test(trimmed)) return [/^true$/i.test(trimmed), null];
    if (/\d/.test(trimmed) && NUMBER.test(trimmed)) return [Number(trimmed.replaceAll(",", "")), null];
    if (/^[+-]?\d+(\.\d+)?%$/.test(trimmed)) return [Number(trimmed.slice(0, -1)) / 100, "0%"];
    if (/^\d{1,4}[/-]\d{1,2}([/-]\d{1,4})?$/.test(trimmed) && !DAY.test(trimmed)) return [NaN, null]; // a day in somebody's order
    const day = DAY.exec(trimmed);
    if (day) {
      const [, year, month, date, hour = 0, minute = 0, second = 0] = day.map((part) => (part === undefined ? undefined : Number(part)));
      return [(Date.UTC(year, month - 1, date, hour, minute, second) - EPOCH) / 86_400_000, "yyyy-mm-dd"];
    }
    return [text, null];
  }

  class Cells {
    constructor() {
      this.held = new Map(); // "row,column" -> {value, formula, format}
    }

    at(row, column) {
      return this.held.get(`${row},${column}`);
    }

    change(row, column, change) {
      const key = `${row},${column}`;
      const cell = { value: "", formula: null, format: "General", ...this.held.get(key), ...change };
      if (cell.value === "" && cell.formula === null && cell.format === "General") this.held.delete(key);
      else this.held.set(key, cell);
    }

    put(row, column, given) {
      if (given === null) return; // Office.js: null leaves the cell as it is
      const format = this.at(row, column)?.format ?? "General";
      if (typeof given !== "string") return this.change(row, column, { value: given, formula: null });
      if (format === "@" && !given.startsWith("'")) return this.change(row, column, { value: given, formula: null });
      if (given.startsWith("=")) return this.change(row, column, { value: "", formula: given });
      const [value, shown] = typed(given);
      if (Number.isNaN(value)) throw new Error(`fake Excel: ${corner(row, column)}: "${given}" would become a day`);
      this.change(row, column, { value, formula: null, ...(shown && format === "General" ? { format: shown } : {}) });
    }

    used() {
      let [top, left, bottom, right] = [Infinity, Infinity, -1, -1];
      for (const [key, cell] of this.held) {
        if (cell.value === "" && cell.formula === null) continue;
        const [row, column] = key.split(",").map(Number);
        [top, left, bottom, right] = [Math.min(top, row), Math.min(left, column), Math.max(bottom, row), Math.max(right, column)];
      }
      return bottom < 0 ? null : { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 };
    }

    // Moves what stands in the strip from `from` on by `by` places; what is moved over is gone.
    shift(area, along, by) {
      const [start, across, first, size] =
        along === "rows" ? [area.row, 1, area.column, area.columns] : [area.column, 0, area.row, area.rows];
      const moved = new Map();
      for (const [key, cell] of this.held) {
        const place = key.split(",").map(Number);
        const [position, beside] = along === "rows" ? place : [place[1], place[0]];
        const inside = beside >= first && beside < first + size && position >= start;
        if (!inside) moved.set(key, cell);
        else if (by > 0 || position >= start - by) {
          place[1 - across] += by;
          moved.set(place.join(","), cell);
        }
      }
      this.held = moved;
    }
  }

  world.fakeParts = { ...world.fakeParts, recorded, lookOnly, office, nothing, collection, addressOf, areaOf, corner, Cells };
})(globalThis);
