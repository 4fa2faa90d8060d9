// Ranges, tables, sheets, names and the workbook of the Excel in memory.
(function (world) {
  "use strict";

  const { recorded, lookOnly, office, nothing, collection, addressOf, areaOf, Cells } = world.fakeParts;

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
        if (hidden === "rowHidden") return;
        for (let column = this.area.column; column < this.area.column + this.area.columns; column++)
          value ? this.sheet.hiddenColumns.add(column) : this.sheet.hiddenColumns.delete(column);
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
      this.hiddenColumns = new Set();
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
    newSheet(name) {
      return new Sheet(this, name);
    }
    sheet(name) {
      return this.sheetList.find((sheet) => sheet.name === name);
    }
    add(name) {
      const wanted = name ?? `Sheet${this.sheetList.length + 1}`;
      if (this.sheet(wanted)) throw new Error("A resource with the same name or identifier already exists.");
      const sheet = this.newSheet(wanted);
      this.sheetList.push(sheet);
      this.front ??= sheet;
      return sheet.office;
    }
  }

  world.fakeParts = { ...world.fakeParts, Book, namesOf };
})(globalThis);
