package io.poolscope.engine.report;

import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import java.util.List;

/** Tells several observers, in order. */
public final class Observers implements Observer {

    private final List<Observer> observers;

    /** Tells these; the address is the first one's. */
    public Observers(Observer... observers) {
        this.observers = List.of(observers);
    }

    @Override
    public String address() {
        return observers.get(0).address();
    }

    @Override
    public void report(Report report) {
        observers.forEach(observer -> observer.report(report));
    }

    @Override
    public void notice(Report notice) {
        observers.forEach(observer -> observer.notice(notice));
    }

    @Override
    public void event(Event event) {
        observers.forEach(observer -> observer.event(event));
    }

    @Override
    public void leaked(Lease lease, StackTraceElement[] stack, boolean certain) {
        observers.forEach(observer -> observer.leaked(lease, stack, certain));
    }

    @Override
    public void round(long now) {
        observers.forEach(observer -> observer.round(now));
    }

    @Override
    public void close(long millis) {
        observers.forEach(observer -> observer.close(millis));
    }
}
