/** The page's half of app.js: every component by its name in the templates. */

import { addPlace } from './add-place.ts';
import { appFrame } from './app-frame.ts';
import { boot } from './boot.ts';
import { choosePin } from './choose-pin.ts';
import { later } from './later.ts';
import { learn } from './learn.ts';
import { lessonScreen } from './lesson-screen.ts';
import { moduleEnd } from './module-end.ts';
import { moduleStart } from './module-start.ts';
import { offline } from './offline.ts';
import { places } from './places.ts';
import { practice } from './practice.ts';
import { quizQuestion } from './quiz-question.ts';
import { sendingLine } from './sending-line.ts';
import { today } from './today.ts';
import { who } from './who.ts';

// The worker loads this file too, for its own half.
if (globalThis.document) void boot({
  'add-place': addPlace,
  'app-frame': appFrame,
  'choose-pin': choosePin,
  'enrol-phone': later('enrol-phone'),
  learn,
  'lesson-screen': lessonScreen,
  'look-back': later('look-back'),
  me: later('me'),
  'module-end': moduleEnd,
  'module-start': moduleStart,
  offline,
  places,
  pocket: later('pocket'),
  practice,
  'quiz-question': quizQuestion,
  record: later('record'),
  'sending-line': sendingLine,
  'sign-in-again': later('sign-in-again'),
  today,
  waiting: later('waiting'),
  who,
});
