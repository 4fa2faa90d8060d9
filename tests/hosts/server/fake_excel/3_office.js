// A small Excel in memory behind the Office.js names that xlwings' own client uses, so that a browser can run the real task pane
// without Excel. It stores what a run may change: sheets, values, formulas, number formats, tables, names. What only changes the look
// (`format`, `pageLayout`, charts, ...) is recorded, not modelled. Anything else raises, so that nothing passes by being ignored.
//
// Like Excel it reads what is typed: a text set as a value becomes a number, a day or a formula where it looks like one, unless the
// cell is formatted as text or the text begins with an apostrophe.
(function (world) {
  "use strict";

  const { recorded, office, nothing, collection, addressOf, areaOf, Book, namesOf } = world.fakeParts;

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
        const sheet = book.newSheet(from.name);
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
          hidden: [...sheet.hiddenColumns],
          names: sheet.nameList,
          cells: [...sheet.cells.held].map(([key, cell]) => [...key.split(",").map(Number), cell.value, cell.formula, cell.format]),
          tables: sheet.tableList.map((table) => ({ name: table.name, ref: addressOf(table.area) })),
        })),
      };
    },
  };
})(globalThis);
