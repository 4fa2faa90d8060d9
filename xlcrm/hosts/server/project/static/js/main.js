// The task pane: runs a macro, shows that it runs, and shows what came of it.
// xlwings.js (loaded before) sends the workbook to the server and applies what comes back.

const { language: serverLanguage, texts } = JSON.parse(document.getElementById("crm-texts").textContent);
const LANGUAGE_KEY = "xlcrmLanguage";
const MARKS = { done: "✓", failed: "!" };
const find = (id) => document.getElementById(id);

// --- Language: the user's choice, else Office's display language, else the server's.

let language = serverLanguage;

function remembered() {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null; // storage may be switched off in a web view
  }
}

function remember(chosen) {
  try {
    localStorage.setItem(LANGUAGE_KEY, chosen);
  } catch {
    // then it is asked of Office again next time
  }
}

function speak(wanted) {
  language = wanted in texts ? wanted : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}

const say = (id, ...filling) => filling.reduce((made, part) => made.replace("%s", part), texts[language][id]);

find("language").addEventListener("click", () => {
  const languages = Object.keys(texts);
  const chosen = languages[(languages.indexOf(language) + 1) % languages.length];
  remember(chosen);
  speak(chosen);
});

// --- The message at the foot.

function show(kind, title, lines) {
  const message = find("message");
  message.dataset.kind = kind;
  find("message-mark").textContent = MARKS[kind];
  find("message-title").textContent = title;
  find("message-lines").replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }),
  );
  message.hidden = false;
  message.scrollTop = 0;
}

const hide = () => (find("message").hidden = true);
find("message-close").addEventListener("click", hide);

// --- Running a macro.

let running = null;
let outcome = null;

// The server's last action: the message at the end, already in the workbook's language.
xlwings.registerCallback(function xlcrmOutcome(_context, title, ...lines) {
  outcome = { title, lines };
});

let scriptsMeta = null;

// Which sheets a script needs; asked once.
async function scopeOf(script) {
  scriptsMeta ??= (await xwRequest.get(`${location.origin}${config.appPath}/xlwings/custom-scripts-meta.json`)).data;
  const { include = "", exclude = "" } = scriptsMeta.find((meta) => meta.function_name === script) ?? {};
  return { include: include ?? "", exclude: exclude ?? "" };
}

// xlwings.js puts a failure's text into its own element; it is taken from there into our message.
function takeError() {
  const alert = find("global-error-alert");
  if (alert.classList.contains("d-none")) return null;
  alert.classList.add("d-none");
  return alert.querySelector("span").textContent;
}

function setBusy(script) {
  running = script;
  find("running").hidden = !script;
  document.body.toggleAttribute("aria-busy", Boolean(script));
  for (const button of document.querySelectorAll("[data-macro]")) {
    const mine = button.dataset.macro === script;
    button.disabled = Boolean(script);
    button.classList.toggle("is-running", mine);
    button.querySelector(".help").hidden = mine;
    button.querySelector(".busy").hidden = !mine;
    button.querySelector(".busy").textContent = mine ? say("server.working") : "";
  }
}

// A long run shows that it goes on: the seconds since it began.
function countSeconds(script) {
  const began = Date.now();
  const place = document.querySelector(`[data-macro="${script}"] .busy`);
  return setInterval(() => (place.textContent = say("server.working_for", Math.round((Date.now() - began) / 1000))), 1000);
}

export async function run(script) {
  if (running) return;
  hide();
  takeError();
  outcome = null;
  setBusy(script);
  const clock = countSeconds(script);
  let failure = null;
  try {
    const { token = "", provider = "" } = (await globalThis.getAuth?.()) ?? {};
    await xlwings.runPython({
      ...(await scopeOf(script)),
      scriptName: script,
      auth: token,
      headers: { "Auth-Provider": provider },
      errorDisplayMode: "taskpane",
    });
    failure = takeError();
  } catch (error) {
    failure = String(error?.message ?? error);
  } finally {
    clearInterval(clock);
    setBusy(null);
  }
  if (failure !== null) show("failed", say("server.could_not"), failure.split("\n"));
  else show("done", outcome?.title ?? say(`macros.${script}`), outcome?.lines ?? [say("server.done")]);
}

for (const button of document.querySelectorAll("[data-macro]")) {
  button.addEventListener("click", () => run(button.dataset.macro));
}

globalThis.crm = { run };

// --- Start.

speak(remembered() ?? serverLanguage);
Office.onReady().then((info) => {
  if (!remembered()) speak((Office.context?.displayLanguage ?? serverLanguage).toLowerCase().startsWith("zh") ? "zh" : "en");
  find("outside").hidden = info?.host === Office.HostType?.Excel;
});
