#define _GNU_SOURCE
#include "cecho.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

int cecho_listen(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        close(listener);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

void cecho_pin(int processor) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 2) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor % count, &set);
    sched_setaffinity(0, sizeof set, &set);
}

void cecho_give_back(void) { malloc_trim(0); }
