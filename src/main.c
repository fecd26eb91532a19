/* Motcua: reads the words of the call, looks the command up and runs it. Everything else is behind the table;
 * only the worker that reads files from outside (image/worker.c) is started by the program itself and is no command. */
#include <string.h>

#include "app/command.h"
#include "image/image_job.h"

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], IMAGE_WORKER) == 0) return image_worker(argc - 2, argv + 2);
    return (int)command_main(argc, argv);
}
