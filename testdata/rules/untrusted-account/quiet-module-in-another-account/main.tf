module "orders" {
  source = "./orders"
  providers = {
    aws      = aws.partner
    aws.self = aws
  }
}
