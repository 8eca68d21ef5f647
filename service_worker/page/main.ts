/** The page's half of app.js: every component by its name in the templates. */

import { addPlace } from './add-place.ts';
import { appFrame } from './app-frame.ts';
import { boot } from './boot.ts';
import { choosePin } from './choose-pin.ts';
import { signInAgain, who } from './coming-back.ts';
import { enrolPhone } from './enrol-phone.ts';
import { learn } from './learn.ts';
import { lessonScreen } from './lesson-screen.ts';
import { me } from './me.ts';
import { moduleEnd } from './module-end.ts';
import { moduleStart } from './module-start.ts';
import { offline } from './offline.ts';
import { places } from './places.ts';
import { pocket } from './pocket.ts';
import { practice } from './practice.ts';
import { quizQuestion } from './quiz-question.ts';
import { record } from './record.ts';
import { sendingLine } from './sending-line.ts';
import { today } from './today.ts';
import { waiting } from './waiting.ts';

// The worker loads this file too, for its own half.
if (globalThis.document) void boot({
  'add-place': addPlace,
  'app-frame': appFrame,
  'choose-pin': choosePin,
  'enrol-phone': enrolPhone,
  learn,
  'lesson-screen': lessonScreen,
  me,
  'module-end': moduleEnd,
  'module-start': moduleStart,
  offline,
  places,
  pocket,
  practice,
  'quiz-question': quizQuestion,
  record,
  'sending-line': sendingLine,
  'sign-in-again': signInAgain,
  today,
  waiting,
  who,
});
