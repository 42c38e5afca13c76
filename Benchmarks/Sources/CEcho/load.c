#define _GNU_SOURCE
#include "cecho.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int cecho_connect(uint16_t port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0) return -1;
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) {
        close(client);
        return -1;
    }
    int one = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return client;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* One client of the load: what it has got of the line that it waits for. */
struct client {
    int descriptor;
    int received;
};

int64_t cecho_load(uint16_t port, int connections, int64_t count, int size) {
    char line[4096], buffer[4096];
    if (size > (int)sizeof line) return -1;
    memset(line, 'x', (size_t)size);
    struct client *clients = calloc((size_t)connections, sizeof *clients);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int index = 0; index < connections; index++) {
        clients[index].descriptor = cecho_connect(port);
        if (clients[index].descriptor < 0) return -1;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[index]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[index].descriptor, &event);
    }
    int64_t start = now(), sent = 0, done = 0;
    for (; sent < connections && sent < count; sent++) {
        if (send(clients[sent].descriptor, line, (size_t)size, MSG_NOSIGNAL) != size) return -1;
    }
    struct epoll_event events[512];
    while (done < count) {
        int ready = epoll_wait(epoll, events, 512, -1);
        for (int index = 0; index < ready; index++) {
            struct client *client = events[index].data.ptr;
            ssize_t got = recv(client->descriptor, buffer, (size_t)(size - client->received), MSG_DONTWAIT);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (got <= 0) return -1;
            client->received += (int)got;
            if (client->received < size) continue;
            client->received = 0;
            done++;
            if (sent == count) continue;
            if (send(client->descriptor, line, (size_t)size, MSG_NOSIGNAL) != size) return -1;
            sent++;
        }
    }
    int64_t duration = now() - start;
    for (int index = 0; index < connections; index++) close(clients[index].descriptor);
    close(epoll);
    free(clients);
    return duration;
}

static int round_trip_tls(SSL_CTX *context, int client) {
    char byte = 'x';
    SSL *ssl = SSL_new(context);
    int works = SSL_set_fd(ssl, client) == 1 && SSL_connect(ssl) == 1 && SSL_write(ssl, &byte, 1) == 1
        && SSL_read(ssl, &byte, 1) == 1;
    SSL_set_quiet_shutdown(ssl, 1);
    SSL_free(ssl);
    return works;
}

int cecho_open_idle(uint16_t port, int count, int tls, int *descriptors) {
    SSL_CTX *context = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
    int opened = 0;
    for (; opened < count; opened++) {
        char byte = 'x';
        int client = cecho_connect(port);
        if (client < 0) break;
        int works = tls ? round_trip_tls(context, client)
                        : send(client, &byte, 1, MSG_NOSIGNAL) == 1 && recv(client, &byte, 1, 0) == 1;
        if (!works) {
            close(client);
            break;
        }
        descriptors[opened] = client;
    }
    SSL_CTX_free(context);
    return opened;
}
