using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Disa.Cli;

/// <summary>The help of a command, followed by what applies to every command: exit codes and environment variables.</summary>
internal static class CommandHelp
{
    private const string Common = """
        Exit codes:
          0    success
          1    the command failed: a message was not sent, a check found problems, AWS refused
          2    a wrong argument, or no response from AWS or the emulator
          130  stopped by Ctrl-C or a signal

        Environment:
          AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, ...  as for the AWS CLI
          DISA_TARGET  aws: the default target is AWS; emulator: the default target is the emulator (default)
          DISA_DEBUG   1: errors have a stack trace
          NO_COLOR     1: no colours, no spinner
        """;

    /// <summary>Lets every command's help end so, and a bare command of commands show its help.</summary>
    public static void Complete(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new WithCommon((HelpAction)option.Action!);
        }

        root.SetAction(
            (parsed, _) =>
            {
                var help = root.Options.OfType<HelpOption>().Single();
                return Task.FromResult(((SynchronousCommandLineAction)help.Action!).Invoke(parsed));
            }
        );
    }

    /// <summary>Whether help is asked for: then nothing else that was typed matters.</summary>
    public static bool IsAsked(ParseResult parsed) => parsed.Action is WithCommon;

    private sealed class WithCommon(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            Terminal.Out.Raw(Common);
            return DisaCommand.Done;
        }
    }
}
