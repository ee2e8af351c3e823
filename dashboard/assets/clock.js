/* Time by the server: what its last message said, carried on by this machine's uptime. The clock of the machine
   that the page stands on is asked for nothing but this: whether it and the uptime have drifted apart. */
(function () {
  "use strict";
  const T = (window.threeline = window.threeline || {});
  const JUMP_S = 2.5; /* a picture's time is whole seconds, and a message may be a little late */
  const BEHIND = 3; /* so many messages in a row, before that is the server's clock and not a late message */
  const uptime = () => performance.now() / 1000;

  let offset = null; /* server's time minus uptime, seconds; null while that is not known */
  let last = Date.now() / 1000; /* the time told last, while nothing better is known */
  let behind = 0;
  let drift = Date.now() / 1000 - uptime();

  /* Seconds since 1970 by the server's clock. */
  T.now = function () {
    if (T.state && T.state.replay) return T.state.at;
    if (offset !== null) last = uptime() + offset;
    return last;
  };

  /* Whether the time is known: not before the first message, nor after this machine slept. */
  T.timed = () => offset !== null || Boolean(T.state && T.state.replay);

  /* A message's own time. False where the messages stay behind what the clock was: a new connection tells why. */
  T.heardTime = function (at, first) {
    const told = at - uptime();
    if (first || offset === null || told > offset + JUMP_S) offset = told;
    else if (told < offset - JUMP_S) return (behind += 1) < BEHIND;
    /* Slowly, so that one late message does not make ages jump. */
    else offset += (told - offset) * 0.1;
    behind = 0;
    return true;
  };

  /* Whether this machine slept or its clock was set since the last look: the uptime may have stood still, so no age
     that rests on it is shown until the server has told the time again. */
  T.slept = function () {
    const now = Date.now() / 1000 - uptime();
    if (Math.abs(now - drift) < JUMP_S) {
      drift = now; /* a clock that is put right little by little is no jump */
      return false;
    }
    drift = now;
    T.now();
    offset = null;
    behind = 0;
    return true;
  };
})();
