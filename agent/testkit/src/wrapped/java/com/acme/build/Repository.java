package com.acme.build;

import io.poolscope.testkit.wrapped.Ending;
import java.io.File;
import org.apache.maven.wagon.Wagon;
import org.apache.maven.wagon.providers.http.HttpWagon;

/** Gets artifacts through Maven's Wagon, which brings Apache HttpClient 4 in a package of its own. */
public final class Repository {

    private Repository() {}

    public static void main(String[] arguments) throws Exception {
        Wagon wagon = new HttpWagon();
        wagon.connect(new org.apache.maven.wagon.repository.Repository("local", arguments[0]));
        File artifact = File.createTempFile("artifact", ".jar");
        for (int i = 0; i < 3; i++) {
            wagon.get("bytes/100000", artifact);
            System.out.println("got " + artifact.length());
        }
        artifact.delete();
        Ending.end(wagon);
    }
}
