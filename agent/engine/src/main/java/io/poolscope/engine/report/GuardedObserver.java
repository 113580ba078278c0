package io.poolscope.engine.report;

import io.poolscope.model.Event;
import io.poolscope.model.Lease;

/** Catches what an observer throws, and says it once: who exports must not keep others from finding leaks. */
public final class GuardedObserver implements Observer {

    private final Observer observer;
    private boolean isSaid;

    /** Guards this one. */
    public GuardedObserver(Observer observer) {
        this.observer = observer;
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            if (!isSaid) {
                isSaid = true;
                Notices.warn(
                        "an error of Poolscope's own while exporting, which the application does not feel: " + failure);
            }
        }
    }

    @Override
    public String address() {
        return observer.address();
    }

    @Override
    public void report(Report report) {
        guarded(() -> observer.report(report));
    }

    @Override
    public void notice(Report notice) {
        guarded(() -> observer.notice(notice));
    }

    @Override
    public void event(Event event) {
        guarded(() -> observer.event(event));
    }

    @Override
    public void leaked(Lease lease, StackTraceElement[] stack, boolean certain) {
        guarded(() -> observer.leaked(lease, stack, certain));
    }

    @Override
    public void round(long now) {
        guarded(() -> observer.round(now));
    }

    @Override
    public void close(long millis) {
        guarded(() -> observer.close(millis));
    }
}
