var builder = DistributedApplication.CreateBuilder(args);

var aws = builder
    .AddDisa("aws")
    .WithStack("orders.yaml", new { Stage = "local" }) // its outputs are AWS:Resources:… in the shop's configuration
    .WithDispatcher("reader@example.com"); // its outputs are Disa:…; the inbox is a link in the dashboard

builder.AddProject<Projects.Shop>("shop").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(aws).WaitFor(aws);

builder.Build().Run();
