package io.poolscope.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the kit's own certificate. */
public final class Trust {

    /** The password of the kit's key store, which keeps no secret. */
    public static final String PASSWORD = "poolscope";

    private final X509TrustManager manager;

    private Trust(X509TrustManager manager) {
        this.manager = manager;
    }

    /** Reads a PKCS #12 store whose certificates are to be trusted. */
    public static Trust of(Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("kit", keys.getCertificate("kit"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
            return new Trust(manager);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** For every version of TLS that the JDK has. */
    public SSLContext context() {
        return context("TLS");
    }

    /** For versions up to this one, {@code TLSv1.2}, say. */
    public SSLContext context(String newest) {
        try {
            SSLContext context = SSLContext.getInstance(newest);
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + newest, e);
        }
    }

    public X509TrustManager manager() {
        return manager;
    }
}
