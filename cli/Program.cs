return await Disa.Cli.DisaCommand.Run(args).ConfigureAwait(false);
