Disa.Cli.Detached.Begin();
return await Disa.Cli.DisaCommand.Run(args).ConfigureAwait(false);
