namespace Disa.Cli;

/// <summary>Finds the deployment, and shows that it is waiting for the endpoint to answer.</summary>
internal static class Asked
{
    /// <exception cref="FailureException">The stack does not exist, or its creation has not completed.</exception>
    public static Task<Deployment> Deployment(AwsSession session, string stackName, CancellationToken cancellation) =>
        Terminal.Progress($"Asking {session.Target.Describe()}", _ => Disa.Operations.Deployment.Find(session, stackName, cancellation));
}
