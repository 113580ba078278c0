package io.poolscope.engine.start;

import io.poolscope.engine.http.Gate;
import io.poolscope.engine.page.Page;
import io.poolscope.engine.report.Console;
import io.poolscope.engine.report.GuardedObserver;
import io.poolscope.engine.report.Notices;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Observers;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Telemetry;
import io.poolscope.engine.weaving.WeavingListener;
import io.poolscope.model.CallSite;
import io.poolscope.model.Client;
import io.poolscope.model.Clock;
import io.poolscope.model.Custody;
import io.poolscope.model.Event;
import io.poolscope.model.Pool;
import java.io.File;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The agent's thread: begins when the first library is woven, makes its {@linkplain Rounds rounds} four times a second, and
 * ends with the JVM. A daemon; the application never waits for it, but at its exit, and there for two seconds at most.
 *
 * <p>The thread is made before {@code main} and started later, by whatever thread happens to load a client: otherwise it
 * would inherit that thread's class loader, access control context and thread locals, and keep a redeployed application.
 */
final class Watch implements WeavingListener, Runnable {

    private static final long S = 1_000_000_000L;
    private static final long ROUND_MILLIS = 250;
    /** Exporting begins after the first request, whose time it would take; or so long after the first weaving. */
    private static final long QUIET = S;
    /** The application's exit is delayed by this at most. */
    private static final long LAST_MILLIS = 2_000;

    private final Settings settings;
    private final File agentJar;
    private final long began = System.nanoTime();
    private final Thread thread;
    private boolean isStarted;
    private final CountDownLatch exit = new CountDownLatch(1);
    /** The types of errors of our own that were said. */
    private final Set<String> errorsSaid = new HashSet<>();

    private Observer observer;
    private Press press;
    private Rounds rounds;
    private Banner banner;
    private long woven;

    Watch(Settings settings, File agentJar) {
        this.settings = settings;
        this.agentJar = agentJar;
        this.thread = new Thread(null, this, "poolscope", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Watch.class.getClassLoader());
    }

    @Override
    public void watched(Client client) {
        begin();
    }

    @Override
    public void notWatched(Client client, String reason) {
        Notices.warn(Banner.name(client) + " is not watched: " + reason);
        begin();
    }

    @Override
    public void failed(String what, Throwable failure) {
        Notices.warn(what + " failed, the application goes on without it: " + failure);
        begin();
    }

    /** No atomic class: this one is made before {@code main}, and their handles cost 4 ms there. */
    private synchronized boolean isFirst() {
        boolean first = !isStarted;
        isStarted = true;
        return first;
    }

    private void begin() {
        if (isFirst()) {
            // Before the library's first woven line runs.
            String leaks = settings.choice(Setting.LEAKS);
            Custody.wanted(!leaks.equals("off"));
            CallSite.oneIn(leaks.equals("always") ? CallSite.EVERY : leaks.equals("adaptive") ? 64 : CallSite.NONE);
            Pool.maxRoutes(settings.number(Setting.MAX_ROUTES));
            if (settings.list(Setting.SPANS).contains("setup")) {
                Event.wantOpenings();
            }
            thread.start();
        }
    }

    @Override
    public void run() {
        try {
            Thread last = new Thread(null, this::atExit, "poolscope-exit", 0, false);
            last.setContextClassLoader(Watch.class.getClassLoader());
            Runtime.getRuntime().addShutdownHook(last);
        } catch (IllegalStateException exiting) {
            return;
        }
        Console console = Console.of(settings.choice(Setting.LOG));
        woven = System.nanoTime();
        try {
            banner = new Banner(settings, agentJar);
            press = new Press(console, settings.number(Setting.REPORT_LIMIT));
            rounds = new Rounds(settings, press, began);
        } catch (Throwable failure) {
            Notices.error("nothing is told, because the agent's thread could not begin: " + failure);
            console.write(Notices.poll());
            return;
        }
        try {
            do {
                guarded(this::round);
            } while (!exit.await(ROUND_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException nobodyShould) {
            // Then this was the last round.
        }
        guarded(this::lastRound);
    }

    /** Nothing of ours ends the thread. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            StackTraceElement[] stack = failure.getStackTrace();
            String where = failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
            if (errorsSaid.size() < 10 && errorsSaid.add(where)) {
                Notices.warn("an error of Poolscope's own, which the application does not feel: " + failure
                        + (stack.length == 0 ? "" : " at " + stack[0]));
            }
        }
    }

    private void round() {
        Clock.tick();
        long now = System.nanoTime();
        if (observer == null) {
            rounds.takeIn();
            if (now - woven <= QUIET && !rounds.hasServed()) {
                // What happens until then waits in its queues, and is exported too.
                return;
            }
            startTelemetry();
        }
        sayNotices();
        rounds.tick(now);
    }

    private void sayNotices() {
        banner.later().forEach(press::notice);
        for (Report notice = Notices.poll(); notice != null; notice = Notices.poll()) {
            press.notice(notice);
        }
    }

    /** Opens the ports and says so; the SDK is built on a thread of its own, which inherits this one's class loader. */
    private void startTelemetry() {
        try {
            Page page = page();
            observer = new GuardedObserver(Telemetry.start(settings, rounds.inventory(), banner.version(), page));
            if (page != null && observer.address() != null) {
                observer = new Observers(observer, new GuardedObserver(page));
            }
        } catch (RuntimeException | LinkageError failure) {
            // Once, and not again a quarter of a second later: what can be said on the console still is.
            observer = new Observer() {};
            Notices.error("nothing is exported, because exporting could not be started: " + failure);
        }
        rounds.observer(observer);
        press.open(observer, banner.first(observer.address()));
    }

    /** Null if there is to be none. */
    private Page page() {
        if (settings.port() == Settings.OFF || !Gate.admitsPage(settings)) {
            String token = settings.text(Setting.PAGE_TOKEN);
            if (settings.is(Setting.PAGE) && !token.isEmpty() && token.length() < Gate.SHORTEST_TOKEN) {
                Notices.warn(Setting.PAGE_TOKEN.key() + " has fewer than " + Gate.SHORTEST_TOKEN
                        + " characters: the page is not served");
            }
            return null;
        }
        return new Page(settings, rounds.inventory(), rounds.watchers(), banner.version());
    }

    /** The last thing that the application waits for. */
    private void atExit() {
        exit.countDown();
        try {
            thread.join(LAST_MILLIS);
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    private void lastRound() {
        long end = System.nanoTime() + (LAST_MILLIS - 100) * 1_000_000L;
        round();
        rounds.last();
        if (observer == null) {
            // Nothing was served, and so there is nothing to export; but somebody may have to be told that.
            observer = new Observer() {};
            press.open(observer, banner.first(null));
            sayNotices();
            rounds.tick(System.nanoTime());
        }
        press.sayWhatWasSuppressed();
        String summary = rounds.summary();
        if (summary != null) {
            press.notice(new Report(
                    Names.EVENT_AGENT,
                    Severity.INFO,
                    System.currentTimeMillis(),
                    summary,
                    List.of(),
                    Collections.emptyMap()));
        }
        observer.close(Math.max(0, (end - System.nanoTime()) / 1_000_000L));
    }
}
