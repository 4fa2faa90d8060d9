// A small Excel in memory behind the Office.js names that xlwings' own client uses, so that a browser can run the real task pane
// without Excel. It stores what a run may change: sheets, values, formulas, number formats, tables, names. What only changes the look
// (`format`, `pageLayout`, charts, ...) is recorded, not modelled. Anything else raises, so that nothing passes by being ignored.
//
// Like Excel it reads what is typed: a text set as a value becomes a number, a day or a formula where it looks like one, unless the
// cell is formatted as text or the text begins with an apostrophe.
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

  // --- Ranges.

  class Range {
    constructor(sheet, area) {
      this.sheet = sheet;
      this.area = area;
      this.isNullObject = false;
      this.format = lookOnly(`${sheet.name}!${addressOf(area)}.format`);
      this.dataValidation = lookOnly(`${sheet.name}!${addressOf(area)}.dataValidation`);
      this.conditionalFormats = lookOnly(`${sheet.name}!${addressOf(area)}.conditionalFormats`);
    }

    get worksheet() {
      return this.sheet.office;
    }
    get address() {
      return `${this.sheet.quoted}!${addressOf(this.area)}`;
    }
    get rowIndex() {
      return this.area.row;
    }
    get columnIndex() {
      return this.area.column;
    }
    get rowCount() {
      return this.area.rows;
    }
    get columnCount() {
      return this.area.columns;
    }

    grid(read) {
      const { row, column, rows, columns } = this.area;
      return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => read(row + r, column + c)));
    }

    each(given, write) {
      const { row, column, rows, columns } = this.area;
      const one = !Array.isArray(given) || (given.length === 1 && given[0].length === 1);
      if (!one && (given.length !== rows || given.some((line) => line.length !== columns)))
        throw new Error("The number of rows or columns in the input array doesn't match the size or dimensions of the range.");
      const of = (r, c) => (!Array.isArray(given) ? given : one ? given[0][0] : given[r][c]);
      for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) write(row + r, column + c, of(r, c));
    }

    get values() {
      return this.grid((row, column) => this.sheet.cells.at(row, column)?.value ?? "");
    }
    set values(given) {
      this.each(given, (row, column, value) => this.sheet.cells.put(row, column, value));
      this.sheet.book.count("values", this);
    }
    get formulas() {
      return this.grid((row, column) => {
        const cell = this.sheet.cells.at(row, column);
        return cell?.formula ?? cell?.value ?? "";
      });
    }
    set formulas(given) {
      this.values = given;
    }
    get numberFormat() {
      return this.grid((row, column) => this.sheet.cells.at(row, column)?.format ?? "General");
    }
    set numberFormat(given) {
      this.each(given, (row, column, format) => this.sheet.cells.change(row, column, { format }));
    }
    get hyperlink() {
      return null;
    }
    set hyperlink(link) {
      recorded.push([`${this.address}.hyperlink`, link]);
      if (link?.textToDisplay) this.values = link.textToDisplay;
    }

    clear(what = "All") {
      const { row, column, rows, columns } = this.area;
      for (let r = row; r < row + rows; r++) {
        for (let c = column; c < column + columns; c++) {
          if (!this.sheet.cells.at(r, c)) continue;
          if (what !== "Formats") this.sheet.cells.change(r, c, { value: "", formula: null });
          if (what !== "Contents") this.sheet.cells.change(r, c, { format: "General" });
        }
      }
    }
    // Only formats can be copied; a source is repeated, in whole, where the range is larger.
    copyFrom(source, kind) {
      if (kind !== "formats") throw new Error(`fake Excel: copyFrom ${kind} is not modelled`);
      const from = source.numberFormat;
      const { row, column, rows, columns } = this.area;
      if (rows % from.length || columns % from[0].length) throw new Error("fake Excel: a source is repeated only in a multiple of its size");
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) this.sheet.cells.change(row + r, column + c, { format: from[r % from.length][c % from[0].length] });
    }
    insert(shift) {
      this.sheet.move(this.area, shift === "Down" ? "rows" : "columns", 1);
    }
    delete(shift) {
      this.sheet.move(this.area, shift === "Up" ? "rows" : "columns", -1);
    }
    getEntireRow() {
      return this.sheet.range({ ...this.area, column: 0, columns: 16_384 });
    }
    getEntireColumn() {
      return this.sheet.range({ ...this.area, row: 0, rows: 1_048_576 });
    }
    merge() {
      recorded.push([`${this.address}.merge()`, 0]);
    }
    unmerge() {
      recorded.push([`${this.address}.unmerge()`, 0]);
    }
    select() {
      this.sheet.book.front = this.sheet;
      this.sheet.book.selected = this.area;
    }
  }
  for (const hidden of ["rowHidden", "columnHidden"]) {
    Object.defineProperty(Range.prototype, hidden, {
      get: () => false,
      set(value) {
        recorded.push([`${this.address}.${hidden}`, value]);
      },
    });
  }

  // --- Tables.

  class Table {
    constructor(sheet, name, area, { style = "TableStyleMedium2", filter = true, stripes = true, totals = false } = {}) {
      Object.assign(this, { sheet, name, area, style, showHeaders: true, showTotals: totals, showFilterButton: filter });
      Object.assign(this, { highlightFirstColumn: false, highlightLastColumn: false, showBandedRows: stripes, showBandedColumns: false });
    }
    part(from, rows) {
      return this.sheet.range({ ...this.area, row: this.area.row + from, rows });
    }
    getRange() {
      return this.part(0, this.area.rows);
    }
    getHeaderRowRange() {
      return this.part(0, 1);
    }
    getDataBodyRange() {
      return this.part(1, Math.max(1, this.area.rows - 1 - Number(this.showTotals)));
    }
    getTotalRowRange() {
      return this.part(this.area.rows - 1, 1);
    }
    get sort() {
      return { apply: (fields) => this.sorted(fields) };
    }
    // Whole rows change places by the values of one column: numbers before texts, blanks last.
    sorted(fields) {
      if (fields.length !== 1 || !fields[0].ascending) throw new Error("fake Excel: only one ascending key is modelled");
      const { row, column, rows, columns } = areaOf(this.getDataBodyRange().address);
      const lines = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => ({ ...this.sheet.cells.at(row + r, column + c) })));
      const rank = (value) => (value === "" || value === undefined ? 2 : typeof value === "number" ? 0 : 1);
      const order = (one, other) => {
        const [a, b] = [one[fields[0].key].value, other[fields[0].key].value];
        return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
      };
      lines.sort(order).forEach((line, r) =>
        line.forEach((cell, c) => this.sheet.cells.change(row + r, column + c, { value: "", formula: null, format: "General", ...cell })),
      );
    }
    get columns() {
      return collection("columns", () => this.getHeaderRowRange().values[0].map((name) => ({ name: String(name) })));
    }
    resize(address) {
      const area = areaOf(address);
      if (area.row !== this.area.row) throw new Error("A table keeps its head row when it is resized.");
      for (const other of this.sheet.tableList) {
        if (other !== this && overlap(area, other.area)) throw new Error(`fake Excel: ${this.name} would lie over ${other.name}`);
      }
      this.area = area;
    }
  }

  const overlap = (one, other) =>
    one.row < other.row + other.rows && other.row < one.row + one.rows && one.column < other.column + other.columns && other.column < one.column + one.columns;

  // --- Sheets.

  class Sheet {
    constructor(book, name) {
      Object.assign(this, { book, name, visibility: "Visible", showGridlines: true, cells: new Cells(), tableList: [], nameList: [] });
      this.printArea = null;
      this.office = office(this, `sheet ${name}`);
      this.charts = collection("charts", () => []);
      this.shapes = collection("shapes", () => []);
      this.pivotTables = collection("pivotTables", () => []);
      this.notes = collection("notes", () => [], { getItemOrNullObject: () => nothing("note") });
      this.names = namesOf(this);
      this.protection = office({ protected: false }, "protection");
      this.freezePanes = lookOnly(`${name}.freezePanes`);
      this.pageLayout = new Proxy(lookOnly(`${name}.pageLayout`), {
        get: (look, key) => {
          if (key === "getPrintAreaOrNullObject") return () => this.printedArea();
          if (key === "setPrintArea") return (address) => (this.printArea = address || null);
          return look[key];
        },
      });
      this.tables = collection("tables", () => this.tableList.map((table) => office(table, `table ${table.name}`)), {
        add: (address, heads) => this.addTable(`Table${this.book.sheetList.flatMap((s) => s.tableList).length + 1}`, address, heads),
      });
    }
    printedArea() {
      if (!this.printArea) return nothing("print area");
      return office({ isNullObject: false, areas: { items: this.printArea.split(",").map((address) => ({ address })) } }, "print area");
    }
    addTable(name, address, heads, look) {
      if (!heads) throw new Error("fake Excel: a table without heads is not modelled");
      const table = new Table(this, name, areaOf(address), look);
      this.tableList.push(table);
      return office(table, `table ${name}`);
    }
    get position() {
      return this.book.sheetList.indexOf(this);
    }
    set position(place) {
      const list = this.book.sheetList;
      list.splice(list.indexOf(this), 1);
      list.splice(place, 0, this);
    }
    range(area) {
      return office(new Range(this, area), "range");
    }
    getRange(address) {
      return this.range(address ? areaOf(address) : { row: 0, column: 0, rows: 1_048_576, columns: 16_384 });
    }
    getRangeByIndexes(row, column, rows, columns) {
      if (row < 0 || column < 0 || rows < 1 || columns < 1) throw new Error("The argument is invalid or missing or has an incorrect format.");
      return this.range({ row, column, rows, columns });
    }
    getUsedRangeOrNullObject() {
      const area = this.cells.used();
      return area ? this.range(area) : nothing("used range");
    }
    // Cells below (or beside) an area make room, or close up; tables below move along.
    move(area, along, sign) {
      const [row, size] = along === "rows" ? ["row", "rows"] : ["column", "columns"];
      const by = sign * area[size];
      this.cells.shift(area, along, by);
      const [column, width] = along === "rows" ? ["column", "columns"] : ["row", "rows"];
      for (const table of this.tableList) {
        const [from, to] = [table.area[column], table.area[column] + table.area[width]];
        if (to <= area[column] || from >= area[column] + area[width] || table.area[row] + table.area[size] <= area[row]) continue;
        if (from < area[column] || to > area[column] + area[width]) throw new Error("This operation is not allowed: it would shift cells in a table.");
        if (table.area[row] >= area[row] + (sign < 0 ? area[size] : 0)) table.area = { ...table.area, [row]: table.area[row] + by };
        else if (table.area[row] + table.area[size] > area[row]) table.area = { ...table.area, [size]: table.area[size] + by };
      }
    }
    activate() {
      this.book.front = this;
    }
    // Excel names a copied table anew, since names of tables are the workbook's.
    copy(where, beside) {
      const copied = this.book.add(`${this.name} (2)`) && this.book.sheetList.at(-1);
      for (const [key, cell] of this.cells.held) copied.cells.held.set(key, { ...cell });
      Object.assign(copied, { visibility: this.visibility, showGridlines: this.showGridlines, printArea: this.printArea });
      for (const table of this.tableList) copied.addTable(`${table.name}_${this.book.sheetList.length}`, addressOf(table.area), true);
      copied.nameList.push(...this.nameList.map((entry) => ({ ...entry, formula: entry.formula.replaceAll(this.quoted, copied.quoted) })));
      copied.position = beside.position + (where === "After" ? 1 : 0);
      return copied.office;
    }
    get quoted() {
      return /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(this.name) ? this.name : `'${this.name.replaceAll("'", "''")}'`;
    }
    delete() {
      const list = this.book.sheetList;
      if (list.length === 1) throw new Error("The last sheet cannot be deleted.");
      list.splice(list.indexOf(this), 1);
      if (this.book.front === this) this.book.front = list[0];
    }
  }

  // --- Names: the area they mean, found when they are read.

  function nameOf(book, entry) {
    const found = /^=(?:'((?:[^']|'')+)'|([^'!(]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)$/.exec(entry.formula);
    const sheet = found && book.sheetList.find((one) => one.name === (found[1]?.replaceAll("''", "'") ?? found[2]));
    return office(
      {
        name: entry.name,
        formula: entry.formula,
        type: sheet ? "Range" : "Formula",
        getRangeOrNullObject: () => (sheet ? sheet.getRange(found[3]) : nothing("name")),
        getRange: () => sheet.getRange(found[3]),
      },
      `name ${entry.name}`,
    );
  }

  function namesOf(owner) {
    const book = owner.book ?? owner;
    return collection("names", () => owner.nameList.map((entry) => nameOf(book, entry)), {
      add: (name, to) => {
        if (owner.nameList.some((entry) => entry.name === name)) throw new Error(`fake Excel: the name ${name} is there already`);
        owner.nameList.push({ name, formula: typeof to === "string" ? to : `=${to.address}` });
      },
      getItem: (name) => ({
        delete: () => (owner.nameList = owner.nameList.filter((entry) => entry.name !== name)),
        set formula(formula) {
          owner.nameList.find((entry) => entry.name === name).formula = formula;
        },
      }),
    });
  }

  // --- The workbook.

  class Book {
    constructor() {
      Object.assign(this, { name: "book.xlsx", sheetList: [], nameList: [], front: null, selected: areaOf("A1"), writes: 0, cellsWritten: 0 });
    }
    count(_, range) {
      this.writes += 1;
      this.cellsWritten += range.area.rows * range.area.columns;
    }
    sheet(name) {
      return this.sheetList.find((sheet) => sheet.name === name);
    }
    add(name) {
      const wanted = name ?? `Sheet${this.sheetList.length + 1}`;
      if (this.sheet(wanted)) throw new Error("A resource with the same name or identifier already exists.");
      const sheet = new Sheet(this, wanted);
      this.sheetList.push(sheet);
      this.front ??= sheet;
      return sheet.office;
    }
  }

  const book = new Book();

  const worksheets = collection("worksheets", () => book.sheetList.map((sheet) => sheet.office), {
    getActiveWorksheet: () => book.front.office,
    getItem: (name) => {
      if (!book.sheet(name)) throw new Error("The requested resource doesn't exist.");
      return book.sheet(name).office;
    },
    getItemOrNullObject: (name) => book.sheet(name)?.office ?? nothing(`sheet ${name}`),
    add: (name) => book.add(name),
  });
  const application = office(
    { calculationMode: "Automatic", calculate() {}, suspendScreenUpdatingUntilNextSync() {} },
    "application",
  );
  const workbook = office(
    {
      get name() {
        return book.name;
      },
      worksheets,
      application,
      names: namesOf(book),
      getSelectedRange: () => book.front.range(book.selected),
    },
    "workbook",
  );
  const context = { workbook, application, sync: async () => {} };

  // --- What the pane finds instead of office.js.

  const settings = world.__fakeSettings ?? {};
  const associated = {};
  const functions = {};
  world.Excel = {
    run: async (...given) => await given.at(-1)(context),
    RequestContext: class {
      constructor() {
        return context;
      }
    },
    ShapeType: { image: "Image" },
    ClearApplyTo: { all: "All", contents: "Contents", formats: "Formats" },
    CalculationType: { full: "Full" },
    DeleteShiftDirection: { up: "Up", left: "Left" },
    InsertShiftDirection: { down: "Down", right: "Right" },
  };
  world.Office = {
    onReady: (call) => {
      const info = { host: "Excel", platform: "PC" };
      call?.(info);
      return Promise.resolve(info);
    },
    context: {
      host: "Excel",
      platform: "PC",
      displayLanguage: settings.displayLanguage ?? "en-US",
      // Everything up to ExcelApi 1.17; no notes (1.18) and no culture (1.12), which are only read.
      requirements: { isSetSupported: (set, version) => set === "ExcelApi" && !["1.12", "1.18"].includes(String(version)) },
      ui: { displayDialogAsync: (address) => recorded.push(["dialog", address]) },
    },
    HostType: { Excel: "Excel" },
    EventType: {},
    actions: { associate: (id, run) => (associated[id] = run) },
    addin: { showAsTaskpane: async () => recorded.push(["showAsTaskpane", 0]) },
  };
  world.CustomFunctions = { associate: (id, run) => (functions[id] = run), Error: class extends Error {}, ErrorCode: { invalidValue: "#VALUE!" } };

  // --- For the test: put a workbook in, take it out.

  world.fakeExcel = {
    recorded,
    associated,
    functions,
    get writes() {
      return { ranges: book.writes, cells: book.cellsWritten };
    },
    // {name, front, sheets: [{name, visibility, cells: [[row, column, value, formula, format]], tables: [{name, ref, style, ...}]}], names}
    open(given) {
      Object.assign(book, { name: given.name, sheetList: [], front: null, nameList: given.names, selected: areaOf("A1"), writes: 0, cellsWritten: 0 });
      for (const from of given.sheets) {
        const sheet = new Sheet(book, from.name);
        Object.assign(sheet, { visibility: from.visibility, printArea: from.printArea, showGridlines: from.showGridlines, nameList: from.names });
        for (const [row, column, value, formula, format] of from.cells) sheet.cells.change(row, column, { value, formula, format });
        for (const { name, ref, ...look } of from.tables) sheet.addTable(name, ref, true, look);
        book.sheetList.push(sheet);
      }
      book.front = book.sheet(given.front);
      recorded.length = 0;
    },
    select(sheetName, address) {
      book.front = book.sheet(sheetName);
      book.selected = areaOf(address);
    },
    put(sheetName, address, values) {
      const { row, column } = areaOf(address);
      book.sheet(sheetName).range({ row, column, rows: values.length, columns: values[0].length }).values = values;
    },
    saved() {
      return {
        front: book.front.name,
        names: book.nameList,
        sheets: book.sheetList.map((sheet) => ({
          name: sheet.name,
          visibility: sheet.visibility,
          names: sheet.nameList,
          cells: [...sheet.cells.held].map(([key, cell]) => [...key.split(",").map(Number), cell.value, cell.formula, cell.format]),
          tables: sheet.tableList.map((table) => ({ name: table.name, ref: addressOf(table.area) })),
        })),
      };
    },
  };
})(globalThis);
