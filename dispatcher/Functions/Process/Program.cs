using Disa.Functions;
using Disa.Functions.Process;

return await LambdaRuntime
    .RunAsync(
        log =>
        {
            var connections = new FreshConnections(TimeProvider.System);
            var function = Composition.Function(connections, log);
            return (ProcessEvent input, Invocation invocation, CancellationToken cancellation) =>
                connections.ForAsync(
                    Instant.TryParse(input.Time, out var sent) ? sent : null,
                    () => function.RunAsync(input, () => invocation.Deadline - TimeProvider.System.GetUtcNow(), cancellation)
                );
        },
        ProcessJson.Default.ProcessEvent,
        ProcessJson.Default.ProcessResult,
        new ProcessRehearsal(TableSettings.Shape().KeyNames).RunAsync
    )
    .ConfigureAwait(false);
