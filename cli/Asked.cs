namespace Disa.Cli;

/// <summary>The first question to an endpoint: whoever waits for its answer sees that.</summary>
internal static class Asked
{
    /// <exception cref="FailureException">There is no such stack, or it is not complete.</exception>
    public static Task<Deployment> Deployment(AwsSession session, string stackName, CancellationToken cancellation) =>
        Terminal.Progress($"Asking {session.Target.Describe()}", _ => Disa.Operations.Deployment.Find(session, stackName, cancellation));
}
