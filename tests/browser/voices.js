// Voices for a browser that has none: what is said is noted, and ends when the test says so.
(() => {
  const synthesis = new EventTarget();
  let voices = [
    { lang: "pt-BR", name: "Luciana" },
    { lang: "en_US", name: "Samantha" },
    { lang: "pt-PT", name: "Joana" },
  ];
  let speaking = null;
  window.said = [];
  window.endOfSentence = () => {
    const ended = speaking;
    speaking = null;
    ended.onend(new Event("end"));
  };
  window.endOfAll = () => {
    while (speaking) window.endOfSentence();
  };
  window.setVoices = (langs) => {
    voices = langs.map((lang) => ({ lang, name: lang }));
    synthesis.dispatchEvent(new Event("voiceschanged"));
  };
  synthesis.getVoices = () => voices;
  synthesis.cancel = () => {
    const cancelled = speaking;
    speaking = null;
    queueMicrotask(() => cancelled?.onerror(new Event("error")));
  };
  synthesis.speak = (utterance) => {
    if (speaking) throw new Error("Two sentences at once");
    speaking = utterance;
    window.said.push([utterance.voice.name, utterance.text.trim()]);
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = class {
    constructor(text) {
      this.text = text;
    }
  };
})();
