/* Motcua: reads the words of the call, looks the command up and runs it. Everything else is behind the table. */
#include "app/command.h"

int main(int argc, char **argv)
{
    return (int)command_main(argc, argv);
}
